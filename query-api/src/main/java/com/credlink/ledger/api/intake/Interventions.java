package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Traceparent;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningRedriven;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.signing.NextSteps;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * What a person does to a request: cancel it, send it on after its end, approve it. Each is a fact,
 * and 202 says that it is in the log; what it does there the order of the log decides, because a
 * worker may have been quicker.
 */
public final class Interventions {

  /**
   * Why a request is cancelled that somebody asked to cancel. No free text: it could name people.
   */
  static final String CANCELLED_BY_CALLER = "cancelled_by_caller";

  private static final int MAX_REQUEST_BYTES = 1024;
  private static final String DIGEST = "digest";
  private static final String DECISION = "decision";

  private final Appender appender;
  private final SigningView signing;
  private final InstantSource clock;
  private final Ids ids;

  /** Over its collaborators. */
  public Interventions(Appender appender, SigningView signing, InstantSource clock, Ids ids) {
    this.appender = appender;
    this.signing = signing;
    this.clock = clock;
    this.ids = ids;
  }

  /** {@code POST .../{id}/cancel}: only while no worker has the request. */
  public void cancel(Context ctx, Shop shop, String requestId, Admitted admitted) {
    refuseFields(ctx);
    SigningState state = find(shop, requestId);
    EventHeader header = header(ctx, shop, admitted);
    if (NextSteps.cancel(state, CANCELLED_BY_CALLER, header.recordedAt()).isEmpty()) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          "The request is " + state.status() + " and can no longer be cancelled.");
    }
    answer(ctx, requestId, new SigningCancelled(header, requestId, CANCELLED_BY_CALLER));
  }

  /** {@code POST .../{id}/redrive}: a new series of attempts for a dead-lettered request. */
  public void redrive(Context ctx, Shop shop, String requestId, Admitted admitted) {
    refuseFields(ctx);
    SigningState state = find(shop, requestId);
    if (!(state instanceof SigningState.DeadLettered)) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          "The request is " + state.status() + "; only a dead-lettered one is sent on.");
    }
    EventHeader header = header(ctx, shop, admitted);
    answer(ctx, requestId, new SigningRedriven(header, requestId, state.attempt() + 1));
  }

  /**
   * {@code POST .../{id}/approvals}: an operator's word on a request that awaits approval or is
   * disputed. It names the digest, so that nobody approves what he has not seen.
   */
  public void decide(Context ctx, Shop shop, String requestId, Admitted admitted) {
    ObjectNode body = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(body, "", Set.of(DIGEST, DECISION));
    ApprovalDecision decision = decision(body.path(DECISION).asText());
    String digest = SigningRequestBody.sha256(DIGEST, body.path(DIGEST).asText());
    SigningState state = find(shop, requestId);
    if (!state.request().digest().equals(digest)) {
      throw new ProblemException(
          Problem.UNPROCESSABLE, "The digest is not that of this request's asset.");
    }
    boolean disputed = signing.dispute(shop.tenant(), requestId).isPresent();
    if (!disputed) {
      requireAskedFor(state, decision, admitted.actor().id());
    }
    answer(
        ctx,
        requestId,
        new SigningApproved(header(ctx, shop, admitted), requestId, digest, decision));
  }

  private static void requireAskedFor(
      SigningState state, ApprovalDecision decision, String operator) {
    if (!(state instanceof SigningState.AwaitingApproval waiting) || waiting.isApproved()) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          "The request is " + state.status() + " and nobody's approval is asked for.");
    }
    if (decision == ApprovalDecision.APPROVE && !waiting.mayApprove(operator)) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          waiting.approvers().contains(operator)
              ? "You have approved this request; another operator has to."
              : "You have made this request; another operator has to approve it.");
    }
  }

  private static ApprovalDecision decision(String word) {
    return switch (word) {
      case "approve" -> ApprovalDecision.APPROVE;
      case "reject" -> ApprovalDecision.REJECT;
      default -> throw JsonBodies.malformed("The decision is neither approve nor reject.");
    };
  }

  /** Nothing is to be said, but an empty object does no harm. */
  private static void refuseFields(Context ctx) {
    byte[] body = Bodies.read(ctx, MAX_REQUEST_BYTES);
    if (body.length > MAX_REQUEST_BYTES) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The request is larger than " + MAX_REQUEST_BYTES + " bytes.");
    }
    if (body.length > 0) {
      JsonBodies.refuseUnknown(JsonBodies.object(body), "", Set.of());
    }
  }

  private SigningState find(Shop shop, String requestId) {
    return signing
        .find(shop.tenant(), requestId)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.NOT_FOUND, "This shop has no signing request of that id."));
  }

  private EventHeader header(Context ctx, Shop shop, Admitted admitted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return new EventHeader(
        ids.next(),
        shop.tenant(),
        now,
        now,
        admitted.actor(),
        "gateway/requests",
        admitted.decisionId(),
        Optional.empty(),
        Optional.ofNullable(ctx.header("traceparent")).filter(Traceparent::isValid));
  }

  private void answer(Context ctx, String requestId, LedgerEvent event) {
    Position position = appender.append(ctx, event);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("request_id", requestId);
    body.put("event_id", event.eventId());
    body.put("position", position.toString());
    ctx.header("Ledger-Event-Id", event.eventId());
    ctx.header("Ledger-Position", position.toString());
    ctx.status(202).contentType("application/json").result(body.toString());
  }
}
