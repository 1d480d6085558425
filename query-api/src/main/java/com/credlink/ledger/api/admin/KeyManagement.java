package com.credlink.ledger.api.admin;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.intake.Bodies;
import com.credlink.ledger.api.intake.JsonBodies;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange.Cause;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.trust.Pem;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.trust.TrustException;
import com.credlink.ledger.trust.Validity;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code /v1/keys}: the asset-signing keys, for administrators. A change is in the key file
 * together with the fact that the log must be told; if the log cannot be told at once, the answer
 * is no, and the fact follows when it can.
 */
public final class KeyManagement {

  private static final int MAX_REQUEST_BYTES = 1024;
  private static final String BY_ADMINISTRATOR = "by_administrator";
  private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final String PEM_CHAIN = "application/pem-certificate-chain";
  private static final String PEM_FILE = "application/x-pem-file";

  private final SigningKeys keys;
  private final Appender appender;

  /** Over its collaborators. */
  public KeyManagement(SigningKeys keys, Appender appender) {
    this.keys = keys;
    this.appender = appender;
  }

  /** Every key with its state and certificates, oldest first. */
  public void list(Context ctx, Admitted admitted) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode items = answer.putArray("items");
    keys.ring().entries().forEach(entry -> items.add(json(entry)));
    ctx.status(200).contentType("application/json").result(answer.toString());
  }

  /** Puts a new key in the place of the active one of an algorithm. */
  public void rotate(Context ctx, Admitted admitted) {
    ObjectNode body = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(body, "", Set.of("algorithm", "reason"));
    Algorithm algorithm =
        Algorithm.named(body.path("algorithm").asText())
            .filter(keys.ring().algorithms()::contains)
            .orElseThrow(
                () ->
                    malformed(
                        "The field 'algorithm' names none of those that keys are made for: "
                            + configured()
                            + "."));
    String reason = reason(body);
    change(ctx, 201, () -> keys.rotate(algorithm, reason, cause(admitted)));
  }

  private String configured() {
    return String.join(", ", keys.ring().algorithms().stream().map(Algorithm::label).toList());
  }

  /** Lets a key that waited for its certificate sign. */
  public void activate(Context ctx, Admitted admitted) {
    String id = ctx.pathParam("id");
    String reason = reason(optionalBody(ctx));
    change(ctx, 200, () -> keys.activate(id, reason, cause(admitted)));
  }

  /** Ends a key's signing. */
  public void retire(Context ctx, Admitted admitted) {
    String id = ctx.pathParam("id");
    String reason = reason(optionalBody(ctx));
    change(ctx, 200, () -> keys.retire(id, reason, cause(admitted)));
  }

  /** Deletes a key's private half. */
  public void destroy(Context ctx, Admitted admitted) {
    String id = ctx.pathParam("id");
    String reason = reason(optionalBody(ctx));
    change(ctx, 200, () -> keys.destroy(id, reason, cause(admitted)));
  }

  /** A request for a certificate, for a certificate authority elsewhere. */
  public void request(Context ctx, Admitted admitted) {
    String pem = orProblem(() -> keys.request(ctx.pathParam("id")));
    ctx.status(200).contentType(PEM_FILE).result(pem);
  }

  /** Takes the chain that an authority gave. */
  public void importChain(Context ctx, Admitted admitted) {
    byte[] body = Bodies.read(ctx, Pem.MAX_BYTES);
    if (body.length > Pem.MAX_BYTES) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The chain is larger than " + Pem.MAX_BYTES + " bytes.");
    }
    String type = Optional.ofNullable(ctx.contentType()).orElse("").split(";", 2)[0].strip();
    if (!type.equals(PEM_CHAIN) && !type.equals(PEM_FILE)) {
      throw new ProblemException(
          Problem.UNSUPPORTED_MEDIA_TYPE, "A certificate chain is " + PEM_CHAIN + ".");
    }
    String id = ctx.pathParam("id");
    change(ctx, 200, () -> keys.importChain(id, body, cause(admitted)));
  }

  /**
   * What the log does not know yet is told first: if it takes nothing, nothing is changed either.
   */
  private void change(Context ctx, int status, Supplier<RingKey> change) {
    keys.tell(appender::appendOrFail);
    RingKey changed = orProblem(change);
    Told told = new Told();
    keys.tell(fact -> told.position = Optional.of(appender.append(ctx, fact)));
    told.position.ifPresent(position -> ctx.header("Ledger-Position", position.toString()));
    RingKey now = keys.ring().entry(changed.keyId()).orElse(changed);
    ctx.status(status).contentType("application/json").result(json(now).toString());
  }

  private static final class Told {
    private Optional<Position> position = Optional.empty();
  }

  private static <T> T orProblem(Supplier<T> work) {
    try {
      return work.get();
    } catch (KeyException e) {
      throw new ProblemException(problem(e), sentence(e));
    } catch (TrustException.Unreadable e) {
      throw new ProblemException(Problem.MALFORMED, sentence(e));
    } catch (TrustException.NoCertificate e) {
      throw new ProblemException(Problem.STATE_CONFLICT, sentence(e));
    } catch (TrustException e) {
      throw new ProblemException(Problem.UNPROCESSABLE, sentence(e));
    }
  }

  private static Problem problem(KeyException failure) {
    return switch (failure) {
      case KeyException.Unknown e -> Problem.NOT_FOUND;
      case KeyException.WrongState e -> Problem.STATE_CONFLICT;
      case KeyException.MayNotSign e -> Problem.STATE_CONFLICT;
      case KeyException.NotMade e -> Problem.UNPROCESSABLE;
      case KeyException.WrongPassword e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.PasswordMissing e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.Corrupt e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.Unwritable e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.Unreadable e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.CanaryFailed e -> Problem.KEYS_UNAVAILABLE;
      case KeyException.Unavailable e -> Problem.KEYS_UNAVAILABLE;
    };
  }

  private static String sentence(RuntimeException e) {
    String message = e.getMessage();
    return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1) + ".";
  }

  private static Cause cause(Admitted admitted) {
    return new Cause(admitted.actor(), AdminEvents.SOURCE, Optional.of(admitted.decisionId()));
  }

  private static ObjectNode optionalBody(Context ctx) {
    return ctx.contentLength() == 0 || (ctx.contentLength() == -1 && ctx.contentType() == null)
        ? JsonNodeFactory.instance.objectNode()
        : JsonBodies.object(ctx, MAX_REQUEST_BYTES);
  }

  private static String reason(ObjectNode body) {
    JsonBodies.refuseUnknown(body, "", Set.of("algorithm", "reason"));
    if (!body.has("reason")) {
      return BY_ADMINISTRATOR;
    }
    String reason = body.path("reason").asText();
    if (!REASON.matcher(reason).matches()) {
      throw malformed("The field 'reason' is not a word such as key_compromise.");
    }
    return reason;
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(Problem.MALFORMED, detail);
  }

  private static ObjectNode json(RingKey entry) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("key_id", entry.keyId());
    json.put("algorithm", entry.key().algorithm().label());
    json.put("state", entry.key().state().name().toLowerCase(Locale.ROOT));
    json.put("created_at", entry.key().createdAt().toString());
    json.put("activated_at", entry.activatedAt().map(Object::toString).orElse(null));
    ArrayNode certificates = json.putArray("certificates");
    entry.certificateChain().forEach(certificate -> certificates.add(json(certificate)));
    return json;
  }

  private static ObjectNode json(X509Certificate certificate) {
    Validity validity = Validity.of(certificate);
    return JsonNodeFactory.instance
        .objectNode()
        .put("subject", certificate.getSubjectX500Principal().getName())
        .put("issuer", certificate.getIssuerX500Principal().getName())
        .put("serial", certificate.getSerialNumber().toString(16))
        .put("not_before", validity.from().toString())
        .put("not_after", validity.until().toString())
        .put("pem", Pem.of(List.of(certificate)));
  }
}
