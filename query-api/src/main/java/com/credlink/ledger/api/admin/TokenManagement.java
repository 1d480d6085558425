package com.credlink.ledger.api.admin;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Role;
import com.credlink.ledger.api.access.TokenStore;
import com.credlink.ledger.api.intake.JsonBodies;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.event.TokenRevoked;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /v1/tokens} and {@code DELETE /v1/tokens/{id}}. The event is durable before a token
 * counts, or ceases to; the token itself is in one answer and nowhere else, the node keeps its
 * hash.
 */
public final class TokenManagement {

  /** Longest life of a token that has an end. */
  public static final Duration MAX_LIFETIME = Duration.ofDays(3650);

  private static final Pattern LIFETIME = Pattern.compile("(\\d{1,6})([smhd])");
  private static final int MAX_REQUEST_BYTES = 4096;
  private static final String REASON = "revoked_by_administrator";

  private final TokenStore tokens;
  private final TenantDirectory shops;
  private final Appender appender;
  private final InstantSource clock;
  private final AdminEvents events;

  /** Over its collaborators. */
  public TokenManagement(
      TokenStore tokens, TenantDirectory shops, Appender appender, InstantSource clock, Ids ids) {
    this.tokens = tokens;
    this.shops = shops;
    this.appender = appender;
    this.clock = clock;
    this.events = new AdminEvents(clock, ids);
  }

  /** Makes a token for a caller that was let in. */
  public void create(Context ctx, Admitted admitted) {
    ObjectNode body = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(body, "", Set.of("role", "shop", "ttl"));
    Role role = role(body);
    Optional<Shop> shop = text(body, "shop").map(this::shop);
    if (role == Role.MERCHANT && shop.isEmpty()) {
      throw malformed("A merchant's token needs the field 'shop'.");
    }
    Optional<Instant> expiresAt =
        text(body, "ttl")
            .map(ttl -> clock.instant().plus(lifetime(ttl)).truncatedTo(ChronoUnit.MICROS));
    TokenStore.Created made = tokens.draw();
    Position position =
        appender.append(
            ctx,
            new TokenCreated(
                events.header(ctx, shop.map(Shop::tenant), admitted),
                made.id(),
                role.label(),
                shop.map(Shop::tenant),
                expiresAt));
    tokens.keep(made, role, shop.map(Shop::tenant), expiresAt);
    answer(ctx, made, role, shop, expiresAt, position);
  }

  private static void answer(
      Context ctx,
      TokenStore.Created made,
      Role role,
      Optional<Shop> shop,
      Optional<Instant> expiresAt,
      Position position) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", made.id());
    answer.put("token", made.token());
    answer.put("role", role.label());
    answer.put("shop", shop.map(Shop::domain).orElse(null));
    answer.put("expires_at", expiresAt.map(Instant::toString).orElse(null));
    ctx.header("Ledger-Position", position.toString());
    ctx.header("Cache-Control", "no-store");
    ctx.status(201).contentType("application/json").result(answer.toString());
  }

  /** Takes the token of the path back for a caller that was let in. */
  public void revoke(Context ctx, Admitted admitted) {
    String id = ctx.pathParam("id");
    Optional<String> tenant =
        tokens
            .holder(id)
            .orElseThrow(() -> new ProblemException(Problem.NOT_FOUND, "There is no such token."))
            .tenant();
    Position position =
        appender.append(ctx, new TokenRevoked(events.header(ctx, tenant, admitted), id, REASON));
    tokens.revoke(id);
    ctx.header("Ledger-Position", position.toString());
    ctx.status(204);
  }

  private static Role role(ObjectNode body) {
    return text(body, "role")
        .flatMap(Role::of)
        .orElseThrow(() -> malformed("The field 'role' names no role."));
  }

  private Shop shop(String domain) {
    return shops
        .byDomain(domain)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.UNPROCESSABLE, "No shop of that name has installed the app."));
  }

  private static Duration lifetime(String text) {
    Matcher matcher = LIFETIME.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration lifetime =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (lifetime.isPositive() && lifetime.compareTo(MAX_LIFETIME) <= 0) {
        return lifetime;
      }
    }
    throw malformed("The field 'ttl' is not a duration up to 3650d, such as 12h.");
  }

  private static Optional<String> text(ObjectNode body, String field) {
    if (!body.has(field) || body.get(field).isNull()) {
      return Optional.empty();
    }
    if (!body.get(field).isTextual()) {
      throw malformed("The field '" + field + "' is not a text.");
    }
    return Optional.of(body.get(field).textValue());
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(Problem.MALFORMED, detail);
  }
}
