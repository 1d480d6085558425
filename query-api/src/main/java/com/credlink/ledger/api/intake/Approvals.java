package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Traceparent;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.log.Position;
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
 * {@code POST .../signing-requests/{id}/approvals}: an operator's word on a request that is
 * disputed. It names the digest, so that nobody approves what he has not seen.
 */
public final class Approvals {

  private static final int MAX_REQUEST_BYTES = 1024;
  private static final String DIGEST = "digest";
  private static final String DECISION = "decision";

  private final Appender appender;
  private final SigningView signing;
  private final InstantSource clock;
  private final Ids ids;

  /** Over its collaborators. */
  public Approvals(Appender appender, SigningView signing, InstantSource clock, Ids ids) {
    this.appender = appender;
    this.signing = signing;
    this.clock = clock;
    this.ids = ids;
  }

  /** Takes the word of a caller that was let in. */
  public void decide(Context ctx, Shop shop, String requestId, Admitted admitted) {
    ObjectNode body = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(body, "", Set.of(DIGEST, DECISION));
    ApprovalDecision decision = decision(body.path(DECISION).asText());
    String digest = SigningRequestBody.sha256(DIGEST, body.path(DIGEST).asText());
    SigningState state =
        signing
            .find(shop.tenant(), requestId)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_FOUND, "This shop has no signing request of that id."));
    if (!state.request().digest().equals(digest)) {
      throw new ProblemException(
          Problem.UNPROCESSABLE, "The digest is not that of this request's asset.");
    }
    if (signing.dispute(shop.tenant(), requestId).isEmpty()) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          "The request is " + state.status() + " and nobody's approval is asked for.");
    }
    SigningApproved event =
        new SigningApproved(header(ctx, shop, admitted), requestId, digest, decision);
    answer(ctx, event, appender.append(ctx, event));
  }

  private static ApprovalDecision decision(String word) {
    return switch (word) {
      case "approve" -> ApprovalDecision.APPROVE;
      case "reject" -> ApprovalDecision.REJECT;
      default -> throw JsonBodies.malformed("The decision is neither approve nor reject.");
    };
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

  private static void answer(Context ctx, SigningApproved event, Position position) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("request_id", event.requestId());
    body.put("event_id", event.eventId());
    body.put("position", position.toString());
    ctx.header("Ledger-Event-Id", event.eventId());
    ctx.header("Ledger-Position", position.toString());
    ctx.status(202).contentType("application/json").result(body.toString());
  }
}
