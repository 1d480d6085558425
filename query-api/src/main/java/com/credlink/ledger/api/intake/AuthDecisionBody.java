package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.Rfc3339;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.PolicyReference;
import com.credlink.ledger.event.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A decision that an enforcement point outside made.
 *
 * <p>It is kept for ever and in clear, so every text is an identifier: no blank and no {@code @},
 * which keeps names and e-mail addresses out.
 *
 * @param shop domain of the shop that it is about, lower case; empty for none in particular
 * @param occurredAt when it was made, by the enforcement point's clock
 * @param subject who asked, under a pseudonym
 * @param decision the outcome
 * @param role in which the subject asked
 * @param action what was asked for
 * @param resource on what
 * @param policies what decided
 * @param factors what the subject had presented
 * @param reason in the enforcement point's own fixed vocabulary
 * @param maskedPaths what was masked in the answer
 * @param enforcementPoint the component that decided
 * @param requestId id of the request there; empty for none
 */
record AuthDecisionBody(
    Optional<String> shop,
    Instant occurredAt,
    Actor subject,
    Decision decision,
    String role,
    String action,
    Resource resource,
    List<PolicyReference> policies,
    List<String> factors,
    String reason,
    List<String> maskedPaths,
    String enforcementPoint,
    String requestId) {

  /** Longest text of a field, in characters. */
  static final int MAX_TEXT_LENGTH = 255;

  /** Most policies, factors or masked paths of one decision. */
  static final int MAX_LIST = 50;

  /** How far the enforcement point's clock may be ahead of ours. */
  static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  /** Names of this ledger's own enforcement points: nobody else decides in their name. */
  private static final String OWN_ENFORCEMENT_POINTS = "gateway/";

  private static final Set<String> FIELDS =
      Set.of(
          "shop",
          "occurred_at",
          "subject",
          "decision",
          "role",
          "action",
          "resource",
          "policies",
          "factors",
          "reason",
          "masked_paths",
          "enforcement_point",
          "request_id");
  private static final Pattern IDENTIFIER = Pattern.compile("[!-?A-~]+");
  private static final Map<String, Decision> DECISIONS =
      Map.of(
          "allow", Decision.ALLOW,
          "deny", Decision.DENY,
          "challenge", Decision.CHALLENGE,
          "error", Decision.ERROR);
  private static final Map<String, ActorType> SUBJECTS =
      Map.of(
          "merchant", ActorType.MERCHANT,
          "operator", ActorType.OPERATOR,
          "auditor", ActorType.AUDITOR,
          "privacy-officer", ActorType.PRIVACY_OFFICER,
          "admin", ActorType.ADMIN,
          "producer", ActorType.PRODUCER,
          "system", ActorType.SYSTEM,
          "anonymous", ActorType.ANONYMOUS);

  /**
   * Reads and checks one decision.
   *
   * @param where how a problem names it: empty, or such as {@code items[3].}
   * @param now decides whether it claims to come from the future
   */
  static AuthDecisionBody parse(JsonNode json, String where, Instant now) {
    Fields root = new Fields(json, where);
    root.refuseUnknown(FIELDS);
    Fields subject = root.part("subject", Set.of("type", "id"));
    Fields resource = root.part("resource", Set.of("type", "id"));
    return new AuthDecisionBody(
        root.optional("shop").map(domain -> domain.toLowerCase(Locale.ROOT)),
        occurredAt(root, now),
        new Actor(subject.oneOf("type", SUBJECTS), subject.required("id")),
        root.oneOf("decision", DECISIONS),
        root.required("role"),
        root.required("action"),
        new Resource(resource.required("type"), resource.optional("id").orElse("")),
        root.list("policies", AuthDecisionBody::policy),
        root.list("factors", Fields::text),
        root.required("reason"),
        root.list("masked_paths", Fields::text),
        enforcementPoint(root),
        root.optional("request_id").orElse(""));
  }

  /** The fact. */
  AuthDecided event(EventHeader header) {
    return new AuthDecided(
        header,
        decision,
        role,
        action,
        resource,
        policies,
        factors,
        reason,
        maskedPaths,
        enforcementPoint,
        requestId);
  }

  private static PolicyReference policy(Fields field) {
    field.refuseUnknown(Set.of("id", "version"));
    return new PolicyReference(field.required("id"), field.required("version"));
  }

  private static Instant occurredAt(Fields root, Instant now) {
    Instant at;
    try {
      at = Rfc3339.instant(root.required("occurred_at"));
    } catch (DateTimeException e) {
      throw root.malformed("occurred_at", "is not an RFC 3339 time");
    }
    if (at.isAfter(now.plus(MAX_AHEAD))) {
      throw root.unprocessable(
          "occurred_at", "is more than " + MAX_AHEAD.toMinutes() + " minutes ahead of our clock");
    }
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  private static String enforcementPoint(Fields root) {
    String name = root.required("enforcement_point");
    if (name.startsWith(OWN_ENFORCEMENT_POINTS)) {
      throw root.unprocessable(
          "enforcement_point",
          "begins with " + OWN_ENFORCEMENT_POINTS + ", which is kept for this ledger's own");
    }
    return name;
  }

  /** A JSON value whose wrong fields become sentences that name them. */
  private record Fields(JsonNode json, String where) {

    void refuseUnknown(Set<String> known) {
      if (!json.isObject()) {
        throw JsonBodies.malformed("The field '" + name() + "' is not an object.");
      }
      JsonBodies.refuseUnknown(json, where, known);
    }

    private String name() {
      return where.endsWith(".") ? where.substring(0, where.length() - 1) : where;
    }

    Fields part(String field, Set<String> known) {
      Fields part = new Fields(json.path(field), where + field + '.');
      part.refuseUnknown(known);
      return part;
    }

    Optional<String> optional(String field) {
      JsonNode node = json.path(field);
      return node.isMissingNode() || node.isNull()
          ? Optional.empty()
          : Optional.of(new Fields(node, where + field).text());
    }

    String required(String field) {
      return optional(field).orElseThrow(() -> malformed(field, "is missing"));
    }

    <T> T oneOf(String field, Map<String, T> allowed) {
      String text = required(field);
      T value = allowed.get(text);
      if (value == null) {
        throw unprocessable(
            field, "is none of " + String.join(", ", allowed.keySet().stream().sorted().toList()));
      }
      return value;
    }

    <T> List<T> list(String field, Function<Fields, T> read) {
      JsonNode node = json.path(field);
      if (node.isMissingNode() || node.isNull()) {
        return List.of();
      }
      if (!node.isArray()) {
        throw malformed(field, "is not a list");
      }
      if (node.size() > MAX_LIST) {
        throw unprocessable(field, "has more than " + MAX_LIST + " items");
      }
      List<T> items = new ArrayList<>(node.size());
      for (int i = 0; i < node.size(); i++) {
        String item = where + field + '[' + i + ']';
        items.add(read.apply(new Fields(node.get(i), node.get(i).isObject() ? item + '.' : item)));
      }
      return items;
    }

    String text() {
      if (!json.isTextual()) {
        throw JsonBodies.malformed("The field '" + name() + "' is not text.");
      }
      String text = json.textValue();
      if (text.length() > MAX_TEXT_LENGTH || !IDENTIFIER.matcher(text).matches()) {
        throw unprocessable(
            "The field '"
                + name()
                + "' is not an identifier of 1 to "
                + MAX_TEXT_LENGTH
                + " visible ASCII characters without '@'.");
      }
      return text;
    }

    ProblemException malformed(String field, String what) {
      return JsonBodies.malformed("The field '" + where + field + "' " + what + ".");
    }

    ProblemException unprocessable(String field, String what) {
      return unprocessable("The field '" + where + field + "' " + what + ".");
    }

    private static ProblemException unprocessable(String detail) {
      return new ProblemException(Problem.UNPROCESSABLE, detail);
    }
  }
}
