package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SignatureSuppressed;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningExpired;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.projections.signing.NextStep.Dispatch;
import com.credlink.ledger.projections.signing.NextStep.DispatchAgain;
import com.credlink.ledger.projections.signing.NextStep.Propose;
import com.credlink.ledger.projections.signing.NextStep.Reason;
import com.credlink.ledger.projections.signing.NextStep.Remind;
import com.credlink.ledger.projections.signing.SigningState.DeadLettered;
import com.credlink.ledger.projections.signing.SigningState.RetryScheduled;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NextStepsTest {

  private static final Instant NOW = Facts.BEGIN.plus(Duration.ofMinutes(10));
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));
  private static final Duration MICRO = Duration.ofNanos(1_000);

  private final Facts facts = new Facts();
  private final Lives lives = new Lives(facts);

  @Test
  void shouldProposeToQueueAnAdmittedRequest() {
    SigningState state = lives.requested();

    List<NextStep> steps = after(state);

    assertThat(steps).hasSize(1);
    assertThat(proposed(steps.getFirst(), SigningQueued.class).attempt()).isEqualTo(1);
  }

  @Test
  void shouldAlsoRemindOfTheRequestsOwnTimeLimit() {
    List<NextStep> steps = after(lives.requested(LATER));

    assertThat(steps).hasSize(2).last().isEqualTo(new Remind(LATER, Reason.EXPIRY));
    assertThat(after(lives.awaitingApproval(LATER)))
        .containsExactly(new Remind(LATER, Reason.EXPIRY));
    assertThat(after(lives.awaitingApproval())).isEmpty();
    assertThat(after(lives.approved()))
        .singleElement()
        .isInstanceOfSatisfying(
            Propose.class, step -> assertThat(step.event()).isInstanceOf(SigningQueued.class));
  }

  @Test
  void shouldDispatchWhatIsQueued() {
    assertThat(after(lives.queued())).containsExactly(new Dispatch());
    assertThat(after(lives.queuedAgain())).containsExactly(new Dispatch());
    assertThat(after(redriven(lives.deadLettered()))).containsExactly(new Dispatch());
  }

  @Test
  void shouldRemindOfTheTimeLimitAgainWithEachAttempt() {
    SigningState again = queuedAgain(lives.requested(LATER));

    assertThat(after(again)).containsExactly(new Dispatch(), new Remind(LATER, Reason.EXPIRY));
  }

  @Test
  void shouldNotDispatchAgainWhatExpiredMeanwhile() {
    SigningState again = queuedAgain(lives.requested(NOW));

    List<NextStep> before = NextSteps.after(applied(again), facts.unrelated(), NOW.minus(MICRO));
    List<NextStep> after = after(again);

    assertThat(before).contains(new Dispatch());
    assertThat(after).hasSize(1);
    assertThat(proposed(after.getFirst(), SigningExpired.class).requestId())
        .isEqualTo(Facts.REQUEST);
    assertThat(Lives.then(again, proposal(after.getFirst())).status()).isEqualTo("EXPIRED");
  }

  @Test
  void shouldWaitForTheWorkerWhileItSigns() {
    assertThat(after(lives.signing())).isEmpty();
  }

  @Test
  void shouldProposeTheEndOfWhatFailedForGood() {
    List<NextStep> steps = after(lives.failed());

    assertThat(steps).hasSize(1);
    SigningDeadLettered end = proposed(steps.getFirst(), SigningDeadLettered.class);
    assertThat(end.attempt()).isEqualTo(1);
    assertThat(end.errorClass()).isEqualTo("class-1");
    assertThat(end.reason()).isEqualTo("Reason 1.");
  }

  @Test
  void shouldRemindOfARetryUntilTheBudgetEnds() {
    SigningState signing = lives.signing();
    Instant end = signing.course().budgetEnd();

    List<NextStep> atTheEnd = after(Lives.then(signing, facts.failed(1, end)));
    List<NextStep> behind = after(Lives.then(signing, facts.failed(1, end.plus(MICRO))));

    assertThat(end).isEqualTo(signing.request().createdAt().plus(Duration.ofHours(24)));
    assertThat(atTheEnd).containsExactly(new Remind(end, Reason.RETRY));
    assertThat(behind).hasSize(1);
    SigningDeadLettered buried = proposed(behind.getFirst(), SigningDeadLettered.class);
    assertThat(buried.attempt()).isEqualTo(1);
    assertThat(buried.errorClass()).isEqualTo("budget_spent");
    assertThat(buried.reason()).contains("Reason 1.");
  }

  @Test
  void shouldCountTheBudgetFromARedrive() {
    SigningState again = Lives.then(redriven(lives.deadLettered()), facts.started(2));
    Instant firstEnd = again.request().createdAt().plus(Course.BUDGET);

    List<NextStep> steps = after(Lives.then(again, facts.failed(2, firstEnd.plus(MICRO))));

    assertThat(steps).containsExactly(new Remind(firstEnd.plus(MICRO), Reason.RETRY));
  }

  static Stream<SigningState> settled() {
    Lives lives = new Lives(new Facts());
    return Stream.of(
        lives.signed(),
        lives.timestamped(),
        lives.deadLettered(),
        lives.rejected(),
        lives.cancelled(),
        lives.expired());
  }

  @ParameterizedTest
  @MethodSource("settled")
  void shouldLeaveASettledRequestAlone(SigningState state) {
    assertThat(after(state)).isEmpty();
    for (Reason why : Reason.values()) {
      assertThat(NextSteps.due(state, why, Instant.MAX)).isEmpty();
    }
  }

  @Test
  void shouldProposeToSuppressALaterSignature() {
    SigningState signed = lives.signed();
    AssetSigned first = facts.signed(1);
    AssetSigned second = facts.signed(1);

    SignatureSuppressed ofFirst = suppressed(signed, first, NOW);
    SignatureSuppressed ofSecond = suppressed(signed, second, NOW);
    SignatureSuppressed ofFirstAgain = suppressed(signed, first, LATER);

    assertThat(ofFirst.signedEventId()).isEqualTo(first.eventId());
    assertThat(ofFirst.requestId()).isEqualTo(Facts.REQUEST);
    assertThat(ofFirst.header().causationId()).contains(first.eventId());
    assertThat(ofFirst.eventId()).isNotEqualTo(ofSecond.eventId());
    assertThat(ofFirst.eventId()).isEqualTo(ofFirstAgain.eventId());
  }

  private static SignatureSuppressed suppressed(SigningState state, AssetSigned late, Instant now) {
    List<NextStep> steps = NextSteps.after(SigningFold.apply(state, late), late, now);
    assertThat(steps).hasSize(1);
    return proposed(steps.getFirst(), SignatureSuppressed.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUPLICATE", "ILLEGAL"})
  void shouldDoNothingForAFactThatDidNotCount(Outcome outcome) {
    for (SigningState state : List.of(lives.requested(), lives.queued(), lives.failed())) {
      Transition ignored = Transition.ignored(state, outcome);

      assertThat(NextSteps.after(ignored, facts.signed(1), NOW)).isEmpty();
    }
  }

  @Test
  void shouldProposeARetryWhenItIsDue() {
    RetryScheduled state = (RetryScheduled) lives.retryScheduled();
    Instant due = state.dueAt();

    List<NextStep> at = NextSteps.due(state, Reason.RETRY, due);
    List<NextStep> later = NextSteps.due(state, Reason.RETRY, LATER);

    assertThat(at).hasSize(1);
    assertThat(proposed(at.getFirst(), SigningQueued.class).attempt()).isEqualTo(2);
    assertThat(proposal(later.getFirst()).eventId()).isEqualTo(proposal(at.getFirst()).eventId());
  }

  @Test
  void shouldSetAReminderAgainThatComesEarly() {
    RetryScheduled retry = (RetryScheduled) lives.retryScheduled();
    SigningState queued = Lives.then(lives.requested(LATER), facts.queued(1));

    assertThat(NextSteps.due(retry, Reason.RETRY, retry.dueAt().minus(MICRO)))
        .containsExactly(new Remind(retry.dueAt(), Reason.RETRY));
    assertThat(NextSteps.due(queued, Reason.EXPIRY, LATER.minus(MICRO)))
        .containsExactly(new Remind(LATER, Reason.EXPIRY));
  }

  @Test
  void shouldForgetARetryThatIsNotWaitedFor() {
    for (SigningState state : List.of(lives.requested(), lives.queuedAgain(), lives.signing())) {
      assertThat(NextSteps.due(state, Reason.RETRY, LATER)).isEmpty();
    }
  }

  @Test
  void shouldDispatchAgainWhenALeaseEndsWithoutAnOutcome() {
    assertThat(NextSteps.due(lives.queued(), Reason.LEASE, NOW))
        .containsExactly(new DispatchAgain());
    assertThat(NextSteps.due(lives.signing(), Reason.LEASE, NOW))
        .containsExactly(new DispatchAgain());
    assertThat(NextSteps.due(Lives.then(lives.signing(), facts.started(1)), Reason.LEASE, NOW))
        .containsExactly(new DispatchAgain());
  }

  @Test
  void shouldTakeThreeStartsWithoutAnOutcomeForPoison() {
    SigningState thrice = Lives.then(lives.signing(), facts.started(1), facts.started(1));

    List<NextStep> steps = NextSteps.due(thrice, Reason.LEASE, NOW);

    assertThat(steps).hasSize(1);
    SigningDeadLettered end = proposed(steps.getFirst(), SigningDeadLettered.class);
    assertThat(end.attempt()).isEqualTo(1);
    assertThat(end.errorClass()).isEqualTo("poison");
    assertThat(end.reason()).isEqualTo("3 starts without an outcome.");
  }

  @Test
  void shouldForgetALeaseThatHasHadItsOutcome() {
    assertThat(NextSteps.due(lives.requested(), Reason.LEASE, NOW)).isEmpty();
    assertThat(NextSteps.due(lives.retryScheduled(), Reason.LEASE, NOW)).isEmpty();
    assertThat(NextSteps.due(lives.failed(), Reason.LEASE, NOW)).isEmpty();
  }

  @Test
  void shouldProposeToExpireBeforeSigningOnly() {
    SigningState requested = lives.requested(LATER);
    SigningState queued = Lives.then(requested, facts.queued(1));
    SigningState signing = Lives.then(queued, facts.started(1));
    SigningState retry = Lives.then(signing, facts.failed(1));

    for (SigningState open : List.of(requested, lives.awaitingApproval(LATER), queued)) {
      List<NextStep> steps = NextSteps.due(open, Reason.EXPIRY, LATER);
      assertThat(steps).hasSize(1);
      assertThat(proposed(steps.getFirst(), SigningExpired.class).requestId())
          .isEqualTo(Facts.REQUEST);
    }
    assertThat(NextSteps.due(signing, Reason.EXPIRY, LATER)).isEmpty();
    assertThat(NextSteps.due(retry, Reason.EXPIRY, LATER)).isEmpty();
    assertThat(NextSteps.due(lives.queued(), Reason.EXPIRY, LATER)).isEmpty();
  }

  @Test
  void shouldProposeFactsOfTheClerkThatFollowFromTheState() {
    SigningState state = lives.failed();

    EventHeader header = proposal(after(state).getFirst()).header();

    assertThat(header)
        .isEqualTo(
            new EventHeader(
                header.eventId(),
                Facts.TENANT,
                NOW,
                NOW,
                new Actor(ActorType.SYSTEM, "clerk"),
                "clerk",
                "correlation",
                Optional.of(state.course().last().eventId()),
                Optional.empty()));
    assertThat(UUID.fromString(header.eventId()).version()).isEqualTo(8);
  }

  @Test
  void shouldDeriveIdsFromRequestAttemptAndKind() {
    SigningState retry = lives.retryScheduled();
    SigningState failed = lives.failed();
    SigningState later = Lives.then(lives.queuedAgain(), facts.started(2), facts.failedForGood(2));

    String queue = proposal(NextSteps.due(retry, Reason.RETRY, NOW).getFirst()).eventId();
    String first = proposal(after(failed).getFirst()).eventId();
    String firstAgain =
        proposal(NextSteps.after(applied(failed), facts.unrelated(), LATER).getFirst()).eventId();
    String second = proposal(after(later).getFirst()).eventId();

    assertThat(firstAgain).isEqualTo(first);
    assertThat(List.of(queue, first, second)).doesNotHaveDuplicates();
  }

  /**
   * An outage that lasts: each attempt fails at once, and waits are the longest possible. Carries
   * out what is decided, as a topology would.
   */
  @Test
  void shouldGiveUpWhenTheBudgetIsSpentAndNotBefore() {
    SigningState state = Lives.then(lives.requested(), facts.queued(1));
    RetrySchedule longest = new RetrySchedule(Draws.highest());
    Instant now = state.course().budgetFrom();
    Instant lastTry = now;

    for (int i = 0; i < 1_000 && !state.isSettled(); i++) {
      lastTry = now;
      state =
          Lives.then(
              state,
              facts.started(state.attempt()),
              facts.failed(state.attempt(), longest.dueAt(now, state.attempt())));
      NextStep step = after(state).getFirst();
      if (step instanceof Remind remind) {
        now = remind.at();
        step = NextSteps.due(state, remind.why(), now).getFirst();
      }
      state = Lives.then(state, proposal(step));
    }

    assertThat(state).isInstanceOf(DeadLettered.class);
    assertThat(((DeadLettered) state).failure().errorClass()).isEqualTo("budget_spent");
    assertThat(lastTry)
        .isBeforeOrEqualTo(state.course().budgetEnd())
        .isAfter(state.course().budgetEnd().minus(RetrySchedule.CAP));
    assertThat(state.course().history()).hasSize(Course.MAX_HISTORY);
  }

  private SigningState queuedAgain(SigningState requested) {
    return Lives.then(
        requested, facts.queued(1), facts.started(1), facts.failed(1), facts.queued(2));
  }

  private SigningState redriven(SigningState buried) {
    return Lives.then(buried, facts.redriven(2));
  }

  private List<NextStep> after(SigningState state) {
    return NextSteps.after(applied(state), facts.unrelated(), NOW);
  }

  private static Transition applied(SigningState state) {
    return new Transition(state, Outcome.APPLIED);
  }

  private static LedgerEvent proposal(NextStep step) {
    assertThat(step).isInstanceOf(Propose.class);
    return ((Propose) step).event();
  }

  private static <T extends LedgerEvent> T proposed(NextStep step, Class<T> type) {
    assertThat(proposal(step)).isInstanceOf(type);
    return type.cast(proposal(step));
  }
}
