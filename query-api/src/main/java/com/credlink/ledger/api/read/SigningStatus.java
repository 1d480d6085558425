package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.ImageType;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.topology.query.SigningView.Listed;
import com.credlink.ledger.topology.query.SigningView.OpenStart;
import com.credlink.ledger.topology.query.SigningView.OpenStartKey;
import com.credlink.ledger.topology.streams.StateChanges;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Status, history and signature of signing requests, with a long poll. */
public final class SigningStatus {

  private static final String COSE = "application/cose";
  private static final String JOSE = "application/jose";
  private static final Set<String> LANES = Set.of("interactive", "standard", "bulk");

  private final SigningView signing;
  private final AssetStore assets;
  private final StateChanges changes;
  private final Positions positions;

  /** Reads over the stores. */
  public SigningStatus(
      SigningView signing, AssetStore assets, StateChanges changes, Positions positions) {
    this.signing = signing;
    this.assets = assets;
    this.changes = changes;
    this.positions = positions;
  }

  /** {@code GET .../signing-requests}. */
  public void list(Context ctx, String tenant) {
    positions.awaitMinimum(ctx);
    int limit = Parameters.limit(ctx);
    Optional<String> status = Parameters.oneOf(ctx, "status", Set.copyOf(SigningState.STATUSES));
    Optional<Lane> lane =
        Parameters.oneOf(ctx, "lane", LANES)
            .map(name -> Lane.valueOf(name.toUpperCase(Locale.ROOT)));
    String position = positions.of(signing.partition(tenant));
    Optional<Long> after =
        Parameters.once(ctx, "cursor").map(RequestCursor::decode).map(RequestCursor::after);
    List<Listed> found =
        signing.list(tenant, status, lane, Parameters.newestFirst(ctx), limit + 1, after);
    boolean more = found.size() > limit;
    List<Listed> page = more ? found.subList(0, limit) : found;
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    page.forEach(one -> items.add(status(tenant, one.state())));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("items", items);
    body.put("next", more ? new RequestCursor(page.getLast().offset()).encode() : null);
    body.put("position", position);
    Positions.mark(ctx, position);
    Answers.json(ctx, body, items);
  }

  /** {@code GET .../signing-requests/{id}}, which waits for the end if asked to. */
  public void one(Context ctx, String tenant, String requestId) {
    positions.awaitMinimum(ctx);
    boolean stamped = Parameters.oneOf(ctx, "until", Set.of("SIGNED")).isEmpty();
    settled(tenant, requestId, Parameters.wait(ctx), stamped);
    String position = positions.of(signing.partition(tenant));
    SigningState state = find(tenant, requestId);
    Positions.mark(ctx, position);
    Answers.json(ctx, status(tenant, state));
  }

  private ObjectNode status(String tenant, SigningState state) {
    ObjectNode json = SigningJson.status(state);
    signing
        .dispute(tenant, state.request().requestId())
        .ifPresent(
            standing -> {
              json.put("dispute", standing.name().toLowerCase(Locale.ROOT));
              json.putNull("signature");
              json.putArray("signatures");
            });
    return json;
  }

  /**
   * {@code GET /v1/shops/{shop}/unrecorded-signatures}: operations with a key that began and of
   * which no outcome is in the log, so that a signature may have been made that is not recorded.
   */
  public void unrecorded(Context ctx, String tenant) {
    positions.awaitMinimum(ctx);
    int limit = Parameters.limit(ctx);
    String position = positions.of(signing.partition(tenant));
    Optional<OpenStartKey> after = Parameters.once(ctx, "cursor").map(StartCursor::decode);
    List<OpenStart> found = signing.openStarts(tenant, limit + 1, after);
    boolean more = found.size() > limit;
    List<OpenStart> page = more ? found.subList(0, limit) : found;
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    page.forEach(open -> items.add(SigningJson.openStart(open, isUnderWay(tenant, open))));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("items", items);
    body.put("next", more ? StartCursor.encode(page.getLast()) : null);
    body.put("position", position);
    Positions.mark(ctx, position);
    Answers.json(ctx, body, items);
  }

  /** A worker has it now, as far as the log says; its outcome is still to come. */
  private boolean isUnderWay(String tenant, OpenStart open) {
    return signing
        .find(tenant, open.requestId())
        .filter(SigningState.Signing.class::isInstance)
        .filter(state -> state.course().last().eventId().equals(open.start().eventId()))
        .isPresent();
  }

  /** {@code GET .../signing-requests/{id}/history}. */
  public void history(Context ctx, String tenant, String requestId) {
    positions.awaitMinimum(ctx);
    String position = positions.of(signing.partition(tenant));
    SigningState state = find(tenant, requestId);
    Positions.mark(ctx, position);
    Answers.json(ctx, SigningJson.history(state));
  }

  /**
   * {@code GET .../signing-requests/{id}/signature}: COSE or JWS by {@code Accept}, the algorithm
   * by {@code alg}.
   */
  public void signature(Context ctx, String tenant, String requestId) {
    positions.awaitMinimum(ctx);
    String position = positions.of(signing.partition(tenant));
    SigningState state = find(tenant, requestId);
    if (state.signatures().isEmpty()) {
      throw new ProblemException(
          Problem.STATE_CONFLICT, "The request is " + state.status() + " and has no signature.");
    }
    refuseDisputed(tenant, requestId);
    Optional<String> algorithm =
        Parameters.oneOf(
            ctx,
            "alg",
            state.signatures().stream()
                .map(s -> SigningJson.algorithm(s.algorithm()))
                .collect(Collectors.toSet()));
    Signature signature =
        state.signatures().stream()
            .filter(s -> accepts(ctx, mediaType(s)))
            .filter(s -> algorithm.map(SigningJson.algorithm(s.algorithm())::equals).orElse(true))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_ACCEPTABLE,
                        "This request made "
                            + state.signatures().stream()
                                .map(SigningStatus::mediaType)
                                .distinct()
                                .collect(Collectors.joining(" and "))
                            + " only."));
    Positions.mark(ctx, position);
    byte[] value = signature.value().toArray();
    Answers.bytes(ctx, mediaType(signature), value, Answers.tag(value));
  }

  /** {@code GET .../signing-requests/{id}/asset}: the file with its content credentials. */
  public void asset(Context ctx, String tenant, String requestId) {
    positions.awaitMinimum(ctx);
    String position = positions.of(signing.partition(tenant));
    SigningState state = find(tenant, requestId);
    Optional<String> version = Parameters.oneOf(ctx, "version", Set.of("signed", "timestamped"));
    if (version.filter("timestamped"::equals).isPresent() && state.stampedFile().isEmpty()) {
      throw new ProblemException(
          Problem.STATE_CONFLICT, "The request is " + state.status() + " and has no time-stamp.");
    }
    String sha256 =
        state
            .stampedFile()
            .filter(_ -> version.filter("signed"::equals).isEmpty())
            .or(state::signedSha256)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.STATE_CONFLICT,
                        state.signatures().isEmpty()
                            ? "The request is " + state.status() + " and has no signed file."
                            : "The request did not ask for a file with content credentials."));
    refuseDisputed(tenant, requestId);
    byte[] file =
        assets
            .get(tenant, sha256)
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "The signed file was erased."));
    String type = ImageType.sniff(file).map(ImageType::mediaType).orElseThrow();
    Positions.mark(ctx, position);
    Answers.bytes(ctx, type, file, '"' + sha256 + '"');
  }

  /** What was signed for a delivery that may be another shop's is not handed out. */
  private void refuseDisputed(String tenant, String requestId) {
    signing
        .dispute(tenant, requestId)
        .ifPresent(
            standing -> {
              throw new ProblemException(
                  Problem.STATE_CONFLICT,
                  switch (standing) {
                    case OPEN ->
                        "The webhook of this request may have been replayed from another shop;"
                            + " an operator has to decide first.";
                    case REJECTED ->
                        "An operator found that the webhook of this request is another shop's.";
                  });
            });
  }

  private static String mediaType(Signature signature) {
    return signature.format() == SignatureFormat.JWS ? JOSE : COSE;
  }

  private static boolean accepts(Context ctx, String mediaType) {
    String accept = ctx.header("Accept");
    if (accept == null || accept.isBlank()) {
      return true;
    }
    for (String range : accept.split(",", -1)) {
      String type = range.split(";", -1)[0].strip();
      if (type.equals("*/*") || type.equals("application/*") || type.equals(mediaType)) {
        return true;
      }
    }
    return false;
  }

  private SigningState settled(String tenant, String requestId, Duration wait, boolean stamped) {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      try (StateChanges.Subscription subscription = changes.subscribe(tenant, requestId)) {
        SigningState state = find(tenant, requestId);
        long left = end - System.nanoTime();
        boolean over = state.isSettled() && !(stamped && state.awaitsTimestamp());
        if (over || left <= 0) {
          return state;
        }
        subscription.changed().get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException over) {
        return find(tenant, requestId);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return find(tenant, requestId);
      }
    }
  }

  private SigningState find(String tenant, String requestId) {
    return signing
        .find(tenant, requestId)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.NOT_FOUND, "This shop has no signing request of that id."));
  }
}
