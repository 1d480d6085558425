package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.LedgerEvent;
import java.time.Instant;
import java.util.Optional;

/** Requests that have come to each state by facts alone, and the facts to go on with. */
final class Lives {

  private final Facts facts;

  Lives(Facts facts) {
    this.facts = facts;
  }

  SigningState requested() {
    return SigningFold.begin(facts.requested());
  }

  SigningState requested(Instant expiresAt) {
    return SigningFold.begin(facts.requested(Optional.of(expiresAt)));
  }

  /** Needs two approvals and has none. */
  SigningState awaitingApproval() {
    return SigningFold.begin(facts.requested(Optional.empty(), 2));
  }

  SigningState awaitingApproval(Instant expiresAt) {
    return SigningFold.begin(facts.requested(Optional.of(expiresAt), 2));
  }

  /** Has the two approvals that it needs. */
  SigningState approved() {
    return then(awaitingApproval(), facts.approved("anna"), facts.approved("bert"));
  }

  /** Answered from what was made for another request. */
  SigningState sameAsSigned() {
    return SigningFold.begin(facts.requested(), signed());
  }

  SigningState queued() {
    return then(requested(), facts.queued(1));
  }

  /** Queued for its second attempt. */
  SigningState queuedAgain() {
    return then(retryScheduled(), facts.queued(2));
  }

  SigningState signing() {
    return then(queued(), facts.started(1));
  }

  /** Failed for good, and its end is proposed. */
  SigningState failed() {
    return then(signing(), facts.failedForGood(1));
  }

  SigningState retryScheduled() {
    return then(signing(), facts.failed(1));
  }

  SigningState signed() {
    return then(signing(), facts.signed(1));
  }

  SigningState timestamped() {
    return then(signed(), facts.timestamped());
  }

  SigningState deadLettered() {
    return then(signing(), facts.deadLettered(1));
  }

  SigningState rejected() {
    return then(requested(), facts.rejected());
  }

  SigningState cancelled() {
    return then(queued(), facts.cancelled());
  }

  SigningState expired() {
    return then(queued(), facts.expired());
  }

  /** {@code state} after {@code events}, each of which must count. */
  static SigningState then(SigningState state, LedgerEvent... events) {
    SigningState now = state;
    for (LedgerEvent event : events) {
      Transition transition = SigningFold.apply(now, event);
      assertThat(transition.outcome())
          .as("%s in %s", event.type(), now.status())
          .isEqualTo(Transition.Outcome.APPLIED);
      now = transition.state();
    }
    return now;
  }
}
