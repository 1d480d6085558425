package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SignatureSuppressed;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningExpired;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.projections.signing.NextStep.Dispatch;
import com.credlink.ledger.projections.signing.NextStep.DispatchAgain;
import com.credlink.ledger.projections.signing.NextStep.Propose;
import com.credlink.ledger.projections.signing.NextStep.Reason;
import com.credlink.ledger.projections.signing.NextStep.Remind;
import com.credlink.ledger.projections.signing.SigningState.AwaitingApproval;
import com.credlink.ledger.projections.signing.SigningState.Cancelled;
import com.credlink.ledger.projections.signing.SigningState.DeadLettered;
import com.credlink.ledger.projections.signing.SigningState.Expired;
import com.credlink.ledger.projections.signing.SigningState.Queued;
import com.credlink.ledger.projections.signing.SigningState.Rejected;
import com.credlink.ledger.projections.signing.SigningState.Requested;
import com.credlink.ledger.projections.signing.SigningState.RetryScheduled;
import com.credlink.ledger.projections.signing.SigningState.Signed;
import com.credlink.ledger.projections.signing.SigningState.Signing;
import com.credlink.ledger.projections.signing.SigningState.Timestamped;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows from a state: the decisions that the topology carries out and nobody else makes.
 * Pure, like the fold; {@code now} is handed in: it stamps proposals and is compared with the times
 * that stand in facts.
 */
public final class NextSteps {

  /** Starts of one attempt without an outcome that make a job poison. */
  public static final int MAX_STARTS = 3;

  private NextSteps() {}

  /** What follows from {@code transition} by {@code event}. */
  public static List<NextStep> after(Transition transition, LedgerEvent event, Instant now) {
    if (!transition.applied()) {
      return transition.outcome() == Outcome.SUPERSEDED && event instanceof AssetSigned late
          ? List.of(new Propose(suppress(transition.state(), late, now)))
          : List.of();
    }
    SigningState state = transition.state();
    return switch (state) {
      case Requested s -> admitted(s, now);
      case AwaitingApproval s -> approved(s, now);
      case Queued s -> ready(s, now);
      case Signing s ->
          s.failure()
              .<List<NextStep>>map(why -> List.of(new Propose(bury(s, why, now))))
              .orElse(List.of());
      case RetryScheduled s -> retry(s, now);
      case Signed s -> s.awaitsTimestamp() ? List.of(new NextStep.Stamp()) : List.of();
      case Timestamped s -> List.of();
      case DeadLettered s -> List.of();
      case Rejected s -> List.of();
      case Cancelled s -> List.of();
      case Expired s -> List.of();
    };
  }

  /**
   * What follows when a reminder comes due; nothing if the state has moved on. One that comes
   * early, because a store of reminders counts in coarser units than a fact, is set again.
   */
  public static List<NextStep> due(SigningState state, Reason why, Instant now) {
    return switch (why) {
      case LEASE -> leaseEnded(state, now);
      case RETRY -> state instanceof RetryScheduled s ? List.of(retryOrRemind(s, now)) : List.of();
      case EXPIRY ->
          canExpire(state)
              ? expireOrRemind(state, now).<List<NextStep>>map(List::of).orElse(List.of())
              : List.of();
    };
  }

  /**
   * The end of a request that must not be signed; nothing where an attempt is under way or over.
   */
  public static Optional<Propose> cancel(SigningState state, String reason, Instant now) {
    return switch (state) {
      case Requested s -> Optional.of(new Propose(cancelled(s, reason, now)));
      case AwaitingApproval s -> Optional.of(new Propose(cancelled(s, reason, now)));
      case Queued s -> Optional.of(new Propose(cancelled(s, reason, now)));
      case RetryScheduled s -> Optional.of(new Propose(cancelled(s, reason, now)));
      case Signing s -> Optional.empty();
      case Signed s -> Optional.empty();
      case Timestamped s -> Optional.empty();
      case DeadLettered s -> Optional.empty();
      case Rejected s -> Optional.empty();
      case Cancelled s -> Optional.empty();
      case Expired s -> Optional.empty();
    };
  }

  private static NextStep retryOrRemind(RetryScheduled state, Instant now) {
    return state.dueAt().isAfter(now)
        ? new Remind(state.dueAt(), Reason.RETRY)
        : new Propose(queue(state, state.attempt() + 1, now));
  }

  private static Optional<NextStep> expireOrRemind(SigningState state, Instant now) {
    return isOver(state, now) ? Optional.of(new Propose(expire(state, now))) : expiry(state);
  }

  private static List<NextStep> admitted(Requested state, Instant now) {
    List<NextStep> steps = new ArrayList<>();
    steps.add(new Propose(queue(state, 1, now)));
    expiry(state).ifPresent(steps::add);
    return steps;
  }

  private static List<NextStep> approved(AwaitingApproval state, Instant now) {
    return state.isApproved()
        ? List.of(new Propose(queue(state, 1, now)))
        : expiry(state).<List<NextStep>>map(List::of).orElse(List.of());
  }

  /** The time limit may have passed, and its reminder gone by, while a worker had the request. */
  private static List<NextStep> ready(Queued state, Instant now) {
    if (isOver(state, now)) {
      return List.of(new Propose(expire(state, now)));
    }
    List<NextStep> steps = new ArrayList<>();
    steps.add(new Dispatch());
    expiry(state).ifPresent(steps::add);
    return steps;
  }

  private static boolean isOver(SigningState state, Instant now) {
    return state.request().expiresAt().filter(at -> !at.isAfter(now)).isPresent();
  }

  private static Optional<NextStep> expiry(SigningState state) {
    return state.request().expiresAt().map(at -> new Remind(at, Reason.EXPIRY));
  }

  private static boolean canExpire(SigningState state) {
    return state instanceof Requested
        || state instanceof AwaitingApproval
        || state instanceof Queued;
  }

  private static List<NextStep> retry(RetryScheduled state, Instant now) {
    if (state.dueAt().isAfter(state.course().budgetEnd())) {
      Failure spent =
          new Failure(
              "budget_spent",
              "No attempt succeeded in time; the last: " + state.failure().reason());
      return List.of(new Propose(bury(state, spent, now)));
    }
    return List.of(new Remind(state.dueAt(), Reason.RETRY));
  }

  private static List<NextStep> leaseEnded(SigningState state, Instant now) {
    return switch (state) {
      case Queued s -> List.of(new DispatchAgain());
      case Signing s when s.failure().isPresent() -> List.of();
      case Signing s when s.starts() >= MAX_STARTS ->
          List.of(
              new Propose(
                  bury(s, new Failure("poison", s.starts() + " starts without an outcome."), now)));
      case Signing s -> List.of(new DispatchAgain());
      default -> List.of();
    };
  }

  private static SigningQueued queue(SigningState state, int attempt, Instant now) {
    return new SigningQueued(
        header(state, "SigningQueued", attempt, now), state.request().requestId(), attempt);
  }

  private static SigningDeadLettered bury(SigningState state, Failure why, Instant now) {
    return new SigningDeadLettered(
        header(state, "SigningDeadLettered", state.attempt(), now),
        state.request().requestId(),
        state.attempt(),
        why.errorClass(),
        why.reason());
  }

  private static SigningCancelled cancelled(SigningState state, String reason, Instant now) {
    return new SigningCancelled(
        header(state, "SigningCancelled", state.attempt(), now),
        state.request().requestId(),
        reason);
  }

  private static SigningExpired expire(SigningState state, Instant now) {
    return new SigningExpired(
        header(state, "SigningExpired", state.attempt(), now), state.request().requestId());
  }

  private static SignatureSuppressed suppress(SigningState state, AssetSigned late, Instant now) {
    String id = Ids.derived("SignatureSuppressed", late.eventId());
    return new SignatureSuppressed(
        header(state, id, late.eventId(), now), state.request().requestId(), late.eventId());
  }

  private static EventHeader header(SigningState state, String kind, int attempt, Instant now) {
    String id = Ids.derived(kind, state.request().requestId(), Integer.toString(attempt));
    return header(state, id, state.course().last().eventId(), now);
  }

  private static EventHeader header(SigningState state, String id, String causation, Instant now) {
    return new EventHeader(
        id,
        state.request().tenant(),
        now,
        now,
        new Actor(ActorType.SYSTEM, "clerk"),
        "clerk",
        state.request().correlationId(),
        Optional.of(causation),
        Optional.empty());
  }
}
