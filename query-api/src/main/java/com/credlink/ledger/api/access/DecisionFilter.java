package com.credlink.ledger.api.access;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.Resource;
import com.credlink.ledger.log.AppendException;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The guard of every route that needs a token: who calls, what the policy says, and the decision in
 * the log before anything is answered. A decision that cannot be written is a no.
 */
public final class DecisionFilter {

  private final Authenticator authenticator;
  private final Appender appender;
  private final VoidedDecisions voided;
  private final Refusals refusals;
  private final InstantSource clock;
  private final Ids ids;

  /** A guard over its collaborators. */
  public DecisionFilter(
      Authenticator authenticator,
      Appender appender,
      VoidedDecisions voided,
      Refusals refusals,
      InstantSource clock,
      Ids ids) {
    this.authenticator = authenticator;
    this.appender = appender;
    this.voided = voided;
    this.refusals = refusals;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * A caller that was let in.
   *
   * @param principal who it is
   * @param decisionId the decision, which is the correlation id of what follows
   */
  public record Admitted(Principal principal, String decisionId) {
    /** As an event's actor. */
    public Actor actor() {
      return new Actor(principal.role().actorType(), principal.id());
    }
  }

  /** Who calls; nobody is refused and counted. */
  public Principal authenticate(Context ctx) {
    return authenticator
        .authenticate(ctx)
        .orElseThrow(
            () -> {
              refusals.refused(ctx, ctx.method() + " api", Problem.UNAUTHENTICATED);
              return new ProblemException(
                  Problem.UNAUTHENTICATED,
                  "Send a valid token as 'Authorization: Bearer <token>'.");
            });
  }

  /** Decides, writes the decision, and returns only for an allow. */
  public Admitted admit(
      Context ctx, Principal principal, Action action, Optional<String> tenant, String resourceId) {
    Policy.Verdict verdict = Policy.decide(principal, action, tenant);
    AuthDecided decision = decision(ctx, principal, action, tenant, resourceId, verdict);
    try {
      appender.appendOrFail(decision);
    } catch (AppendException.Unknown unknown) {
      voided.add(decision);
      throw Appender.problem(unknown);
    } catch (AppendException failed) {
      throw Appender.problem(failed);
    }
    if (verdict.decision() != Decision.ALLOW) {
      throw new ProblemException(
          Problem.FORBIDDEN,
          "A token of role "
              + principal.role().label()
              + " may not do "
              + action.label()
              + " here.");
    }
    return new Admitted(principal, decision.eventId());
  }

  private AuthDecided decision(
      Context ctx,
      Principal principal,
      Action action,
      Optional<String> tenant,
      String resourceId,
      Policy.Verdict verdict) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String id = ids.next();
    EventHeader header =
        new EventHeader(
            id,
            tenant.orElse(LedgerEvent.PLATFORM),
            now,
            now,
            new Actor(principal.role().actorType(), principal.id()),
            "gateway/api",
            id,
            Optional.empty(),
            Optional.ofNullable(ctx.header("traceparent")).filter(Traceparent::isValid));
    return new AuthDecided(
        header,
        verdict.decision(),
        principal.role().label(),
        action.label(),
        new Resource(action.resourceType(), resourceId),
        verdict.policies(),
        List.of("bearer"),
        verdict.reason(),
        List.of(),
        "gateway/api",
        Problems.requestId(ctx));
  }
}
