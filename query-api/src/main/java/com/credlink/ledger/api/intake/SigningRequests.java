package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.Positions;
import com.credlink.ledger.api.read.SigningJson;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.topology.query.SigningView.Verdict;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * {@code POST /v1/shops/{shop}/signing-requests}: fix the digest and every random input, append,
 * and answer with the fold's verdict, so that idempotency holds over gateways and restarts.
 */
public final class SigningRequests {

  /** Largest JSON request taken. */
  static final int MAX_REQUEST_BYTES = 64 * 1024;

  /** A file, a request, and as much again as a request for what separates them. */
  public static final int MAX_MULTIPART_BYTES = Assets.MAX_ASSET_BYTES + 2 * MAX_REQUEST_BYTES;

  private static final int RETRY_AFTER_PENDING_SECONDS = 30;

  private final Assets assets;
  private final RequestFacts facts;
  private final Appender appender;
  private final SigningView signing;
  private final Positions positions;
  private final InstantSource clock;
  private final Ids ids;

  /** A gateway over its collaborators. */
  public SigningRequests(
      Assets assets,
      RequestFacts facts,
      Appender appender,
      SigningView signing,
      Positions positions,
      InstantSource clock,
      Ids ids) {
    this.assets = assets;
    this.facts = facts;
    this.appender = appender;
    this.signing = signing;
    this.positions = positions;
    this.clock = clock;
    this.ids = ids;
  }

  /** Takes one request of a caller that was let in. */
  public void create(Context ctx, Shop shop, Actor caller, String correlationId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Optional<String> idempotencyKey = IdempotencyKeys.of(ctx);
    Submission submission = submission(ctx, now);
    EventHeader header = header(shop, caller, correlationId, now);
    String digest = digest(ctx, submission, shop, header);
    SigningRequested event =
        facts.requested(shop, submission.request(), digest, header, idempotencyKey);
    Position position = appender.append(ctx, event);
    answer(ctx, shop, event, position);
  }

  /** {@code PUT /v1/shops/{shop}/assets/{sha256}}. */
  public void upload(Context ctx, Shop shop, Actor caller, String correlationId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String expected = SigningRequestBody.sha256("sha256", ctx.pathParam("sha256"));
    byte[] image = Bodies.read(ctx, Assets.MAX_ASSET_BYTES);
    Assets.Taken taken =
        assets.take(ctx, header(shop, caller, correlationId, now), image, Optional.of(expected));
    ctx.header("Ledger-Position", taken.position().toString());
    ctx.header("Location", ctx.path());
    ctx.status(201);
  }

  /** What came in: the request, and the file if it was multipart. */
  private record Submission(SigningRequestBody request, Optional<byte[]> file) {}

  private Submission submission(Context ctx, Instant now) {
    String type = Optional.ofNullable(ctx.contentType()).orElse("");
    if (!type.startsWith("multipart/form-data")) {
      return new Submission(
          SigningRequestBody.parse(JsonBodies.object(ctx, MAX_REQUEST_BYTES), now),
          Optional.empty());
    }
    UploadedFile file = asset(ctx);
    if (file == null) {
      throw new ProblemException(Problem.MALFORMED, "The multipart request has no file 'asset'.");
    }
    return new Submission(
        SigningRequestBody.parse(JsonBodies.object(requestPart(ctx)), now),
        Optional.of(content(file, Assets.MAX_ASSET_BYTES)));
  }

  private static UploadedFile asset(Context ctx) {
    if (ctx.req().getContentLengthLong() > MAX_MULTIPART_BYTES) {
      throw tooLarge();
    }
    try {
      return ctx.uploadedFile("asset");
    } catch (Exception unreadable) { // Javalin throws a ServletException that it does not declare.
      throw isTooLarge(unreadable)
          ? tooLarge()
          : new ProblemException(Problem.MALFORMED, "The multipart request cannot be read.");
    }
  }

  /** Jetty's error at the limit has no type of its own. */
  private static boolean isTooLarge(Throwable error) {
    return error != null
        && (String.valueOf(error.getMessage()).contains("max length exceeded")
            || isTooLarge(error.getCause()));
  }

  private static ProblemException tooLarge() {
    return new ProblemException(
        Problem.TOO_LARGE,
        "The multipart request is larger than " + MAX_MULTIPART_BYTES + " bytes.");
  }

  /** The part {@code request}, sent as a field or as a file; none means all defaults. */
  private static byte[] requestPart(Context ctx) {
    UploadedFile asFile = ctx.uploadedFile("request");
    if (asFile != null) {
      byte[] request = content(asFile, MAX_REQUEST_BYTES);
      if (request.length > MAX_REQUEST_BYTES) {
        throw new ProblemException(
            Problem.TOO_LARGE,
            "The part 'request' is larger than " + MAX_REQUEST_BYTES + " bytes.");
      }
      return request;
    }
    String field = ctx.formParam("request");
    return (field == null || field.isBlank() ? "{}" : field).getBytes(StandardCharsets.UTF_8);
  }

  /** The file, or one byte more than {@code limit}. */
  private static byte[] content(UploadedFile file, int limit) {
    try (InputStream in = file.content()) {
      return in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("The upload could not be read", e);
    }
  }

  private String digest(Context ctx, Submission submission, Shop shop, EventHeader header) {
    SigningRequestBody request = submission.request();
    if (submission.file().isPresent()) {
      if (request.digest().isPresent()) {
        throw new ProblemException(
            Problem.MALFORMED,
            "A request with a file has no 'digest'; give asset_sha256 or nothing.");
      }
      EventHeader stored = withId(header, ids.next());
      return assets.take(ctx, stored, submission.file().get(), request.assetSha256()).sha256();
    }
    return facts.digest(shop, request);
  }

  private void answer(Context ctx, Shop shop, SigningRequested event, Position position) {
    ctx.header("Ledger-Event-Id", event.eventId());
    ctx.header("Ledger-Position", position.toString());
    if (!positions.await(position)) {
      ObjectNode pending = SigningJson.pending(event, position);
      accepted(ctx, shop, event.requestId(), pending);
      return;
    }
    SigningState state = made(signing.verdict(event));
    accepted(ctx, shop, state.request().requestId(), SigningJson.created(state, position));
  }

  /** The request that the folds made, or why they made none. */
  static SigningState made(Verdict verdict) {
    return switch (verdict) {
      case Verdict.New fresh -> fresh.state();
      case Verdict.Same same -> same.state();
      case Verdict.Conflict conflict ->
          throw new ProblemException(
              Problem.IDEMPOTENCY_CONFLICT,
              "This Idempotency-Key was used with another request within 48 hours.");
      case Verdict.TooManyPending full ->
          throw new ProblemException(
                  Problem.TOO_MANY_PENDING,
                  "This shop has " + full.limit() + " requests pending; wait until some are done.")
              .retryAfter(RETRY_AFTER_PENDING_SECONDS);
    };
  }

  private static void accepted(Context ctx, Shop shop, String requestId, ObjectNode body) {
    ctx.header("Location", "/v1/shops/" + shop.domain() + "/signing-requests/" + requestId);
    ctx.status(202);
    ctx.contentType("application/json");
    ctx.result(body.toString());
  }

  private EventHeader header(Shop shop, Actor caller, String correlationId, Instant now) {
    return facts.header(shop, caller, correlationId, now);
  }

  private static EventHeader withId(EventHeader header, String eventId) {
    return new EventHeader(
        eventId,
        header.tenant(),
        header.occurredAt(),
        header.recordedAt(),
        header.actor(),
        header.source(),
        header.correlationId(),
        header.causationId(),
        header.traceparent());
  }

  /** Actor type of an API role. */
  public static ActorType actorType(String role) {
    return switch (role) {
      case "merchant" -> ActorType.MERCHANT;
      case "operator" -> ActorType.OPERATOR;
      case "auditor" -> ActorType.AUDITOR;
      case "privacy-officer" -> ActorType.PRIVACY_OFFICER;
      case "admin" -> ActorType.ADMIN;
      case "producer" -> ActorType.PRODUCER;
      default -> ActorType.UNKNOWN;
    };
  }
}
