package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCoverage;

/** Random lives, in any order, with any duplicates and crashes, beside {@link LifecycleOracle}. */
class SigningFoldPropertyTest {

  private static final String SEED = "20260301";

  /** States that nothing leads out of. */
  private static final Set<String> FINAL =
      Set.of("TIMESTAMPED", "REJECTED", "CANCELLED", "EXPIRED");

  /** How far along the way of one attempt a state is. */
  private static final Map<String, Integer> RANK =
      Map.ofEntries(
          Map.entry("REQUESTED", 0),
          Map.entry("AWAITING_APPROVAL", 1),
          Map.entry("QUEUED", 2),
          Map.entry("SIGNING", 3),
          Map.entry("RETRY_SCHEDULED", 4),
          Map.entry("DEAD_LETTERED", 5),
          Map.entry("SIGNED", 6),
          Map.entry("TIMESTAMPED", 7),
          Map.entry("REJECTED", 7),
          Map.entry("CANCELLED", 7),
          Map.entry("EXPIRED", 7));

  private static final List<String> OPERATORS = List.of("anna", "bert", "carl", Facts.REQUESTER);

  /** What comes next in the log. */
  enum Kind {
    QUEUED,
    STARTED,
    FAILED,
    FAILED_FOR_GOOD,
    FAILED_WITHOUT_DUE_TIME,
    FAILED_FOR_GOOD_WITH_DUE_TIME,
    SIGNED,
    SIGNED_OTHER_DIGEST,
    SIGNED_WITHOUT_SIGNATURE,
    TIMESTAMPED,
    DEAD_LETTERED,
    REDRIVEN,
    REJECTED,
    CANCELLED,
    EXPIRED,
    APPROVED,
    APPROVED_OTHER_DIGEST,
    NOT_APPROVED,
    SUPPRESSED,
    REQUESTED_AGAIN,
    UNRELATED,
    /** Any record that is in the log already, whether it counted or not. */
    REPEATED
  }

  /**
   * One record of the log.
   *
   * @param kind what it is
   * @param off how far its attempt is from the one that would fit
   * @param back for a repetition, which earlier record
   * @param crash whether the process dies behind it and another goes on from the store
   */
  record Draw(Kind kind, int off, int back, boolean crash) {}

  @Provide
  Arbitrary<List<Draw>> logs() {
    return draws().list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Draw>> longLogs() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(10, Kind.QUEUED),
            Tuple.of(10, Kind.STARTED),
            Tuple.of(10, Kind.FAILED),
            Tuple.of(2, Kind.DEAD_LETTERED),
            Tuple.of(8, Kind.REDRIVEN),
            Tuple.of(8, Kind.REPEATED));
    return draws(kinds, Arbitraries.just(0)).list().ofSize(1_500);
  }

  private static Arbitrary<Draw> draws() {
    Arbitrary<Kind> any = Arbitraries.of(Kind.class);
    Arbitrary<Kind> forward =
        Arbitraries.frequency(
            Tuple.of(5, Kind.QUEUED),
            Tuple.of(4, Kind.APPROVED),
            Tuple.of(6, Kind.STARTED),
            Tuple.of(4, Kind.FAILED),
            Tuple.of(1, Kind.DEAD_LETTERED),
            Tuple.of(2, Kind.REDRIVEN),
            Tuple.of(2, Kind.SIGNED),
            Tuple.of(1, Kind.TIMESTAMPED),
            Tuple.of(2, Kind.REPEATED));
    Arbitrary<Kind> kinds = Arbitraries.frequencyOf(Tuple.of(1, any), Tuple.of(4, forward));
    Arbitrary<Integer> offs =
        Arbitraries.frequency(Tuple.of(8, 0), Tuple.of(2, -1), Tuple.of(1, 1), Tuple.of(1, -2));
    return draws(kinds, offs);
  }

  private static Arbitrary<Draw> draws(Arbitrary<Kind> kinds, Arbitrary<Integer> offs) {
    return Combinators.combine(
            kinds,
            offs,
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
        .as(Draw::new);
  }

  /** A log, written record by record: what comes next may depend on how far the request is. */
  private static final class Log {
    private final Facts facts = new Facts();
    private final List<LedgerEvent> records = new ArrayList<>();
    private final LifecycleOracle oracle;
    private final SigningState beginning;

    Log(boolean awaiting) {
      SigningRequested request = facts.requested(Optional.empty(), awaiting ? 2 : 0);
      records.add(request);
      oracle = new LifecycleOracle(request, awaiting ? "AWAITING_APPROVAL" : "REQUESTED");
      beginning = SigningFold.begin(request);
    }

    /** Appends the record, hands it to the oracle, and says what that made of it. */
    Outcome append(Draw draw) {
      LedgerEvent event = event(draw);
      records.add(event);
      return oracle.take(event);
    }

    private LedgerEvent event(Draw draw) {
      int attempt = Math.max(0, oracle.attempt() + draw.off);
      return switch (draw.kind) {
        case QUEUED -> facts.queued(attempt + 1);
        case STARTED -> facts.started(attempt);
        case FAILED -> facts.failed(attempt);
        case FAILED_FOR_GOOD -> facts.failedForGood(attempt);
        case FAILED_WITHOUT_DUE_TIME -> facts.failedWithoutDueTime(attempt);
        case FAILED_FOR_GOOD_WITH_DUE_TIME -> facts.failedForGoodWithDueTime(attempt);
        case SIGNED -> facts.signed(attempt);
        case SIGNED_OTHER_DIGEST -> facts.signedOtherDigest(attempt);
        case SIGNED_WITHOUT_SIGNATURE -> facts.signedWithoutSignature(attempt);
        case TIMESTAMPED -> facts.timestamped();
        case DEAD_LETTERED -> facts.deadLettered(attempt);
        case REDRIVEN -> facts.redriven(attempt + 1);
        case REJECTED -> facts.rejected();
        case CANCELLED -> facts.cancelled();
        case EXPIRED -> facts.expired();
        case APPROVED -> facts.approved(OPERATORS.get(draw.back % OPERATORS.size()));
        case APPROVED_OTHER_DIGEST ->
            facts.approved("anna", "cd".repeat(32), ApprovalDecision.APPROVE);
        case NOT_APPROVED -> facts.approved("bert", Facts.DIGEST, ApprovalDecision.REJECT);
        case SUPPRESSED -> facts.suppressed();
        case REQUESTED_AGAIN -> facts.requested();
        case UNRELATED -> facts.unrelated();
        case REPEATED -> records.get(draw.back % records.size());
      };
    }

    LedgerEvent last() {
      return records.getLast();
    }

    /** What follows the request's own record. */
    List<LedgerEvent> rest() {
      return List.copyOf(records.subList(1, records.size()));
    }
  }

  @Property(seed = SEED, tries = 2_000)
  void shouldAgreeWithTheOracleInAnyOrderWithAnyDuplicatesAndCrashes(
      @ForAll("logs") List<Draw> draws, @ForAll boolean awaiting) {
    Log log = new Log(awaiting);
    SigningState state = log.beginning;

    for (Draw draw : draws) {
      Outcome expected = log.append(draw);
      Transition transition = SigningFold.apply(state, log.last());

      assertThat(transition.outcome()).isEqualTo(expected);
      Statistics.label("outcome").collect(expected);
      state = draw.crash ? StateBytes.reread(transition.state()) : transition.state();
      assertThat(StoredSigning.of(state)).isEqualTo(log.oracle.stored());
    }

    Statistics.label("outcome").coverage(c -> each(c, (Object[]) Outcome.values()));
    Statistics.label("ends in").collect(state.status());
    Statistics.label("ends in").coverage(c -> each(c, SigningState.STATUSES.toArray()));
  }

  /** A property over lives that never reach a state says nothing about it. */
  private static void each(StatisticsCoverage coverage, Object... values) {
    for (Object value : values) {
      coverage.check(value).percentage(share -> share > 0.3);
    }
  }

  @Property(seed = SEED, tries = 500)
  void shouldEndTheSameWhereverTheLogIsSplit(
      @ForAll("logs") List<Draw> draws, @ForAll boolean awaiting) {
    Log log = new Log(awaiting);
    draws.forEach(log::append);
    List<LedgerEvent> records = log.rest();
    SigningState atOnce = fold(log.beginning, records);

    for (int split = 0; split <= records.size(); split++) {
      SigningState stored = StateBytes.reread(fold(log.beginning, records.subList(0, split)));
      SigningState resumed = fold(stored, records.subList(split, records.size()));

      assertThat(resumed).isEqualTo(atOnce);
    }
    assertThat(StoredSigning.of(atOnce)).isEqualTo(log.oracle.stored());
  }

  @Property(seed = SEED, tries = 500)
  void shouldNotNoticeThatWhatCountedIsDeliveredAgainAtAnyTime(
      @ForAll("logs") List<Draw> draws, @ForAll boolean awaiting) {
    Log log = new Log(awaiting);
    SigningState state = log.beginning;

    for (Draw draw : draws) {
      log.append(draw);
      state = SigningFold.apply(state, log.last()).state();

      for (LedgerEvent known : log.oracle.counted()) {
        Transition again = SigningFold.apply(state, known);
        assertThat(again.outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(again.state()).isSameAs(state);
      }
    }
  }

  @Property(seed = SEED, tries = 500)
  void shouldNeverLeaveAFinalState(@ForAll("logs") List<Draw> draws) {
    Log log = new Log(false);
    SigningState state = log.beginning;
    String absorbed = "";

    for (Draw draw : draws) {
      log.append(draw);
      SigningState before = state;
      state = SigningFold.apply(state, log.last()).state();
      if (FINAL.contains(before.status())) {
        absorbed = before.status();
        assertThat(state).isSameAs(before);
      }
      if (before.status().equals("SIGNED")) {
        assertThat(state.status()).isIn("SIGNED", "TIMESTAMPED");
        assertThat(state.signatures()).isEqualTo(before.signatures());
      }
    }

    Statistics.label("absorbed by").collect(absorbed);
    Statistics.label("absorbed by").coverage(c -> each(c, FINAL.toArray()));
  }

  @Property(seed = SEED, tries = 1_000)
  void shouldOnlyEverMoveForward(@ForAll("logs") List<Draw> draws, @ForAll boolean awaiting) {
    Log log = new Log(awaiting);
    SigningState state = log.beginning;

    for (Draw draw : draws) {
      log.append(draw);
      Transition transition = SigningFold.apply(state, log.last());

      if (transition.applied()) {
        assertForward(state, transition.state());
      } else {
        assertThat(transition.state()).isSameAs(state);
      }
      state = transition.state();
    }
  }

  /**
   * One fact more, all earlier ones untouched, and a later attempt or a later state of the same. A
   * slow worker's signature may be of an earlier attempt: then the state alone tells.
   */
  private static void assertForward(SigningState before, SigningState after) {
    List<HistoryEntry> history = after.course().history();
    assertThat(history.subList(0, history.size() - 1)).isEqualTo(before.course().history());
    assertThat(after.course().startedAttempt())
        .isGreaterThanOrEqualTo(before.course().startedAttempt());
    assertThat(after.course().budgetFrom()).isAfterOrEqualTo(before.course().budgetFrom());
    if (after.attempt() <= before.attempt()) {
      assertThat(RANK.get(after.status()))
          .as("%s after %s", after, before)
          .isGreaterThanOrEqualTo(RANK.get(before.status()));
    }
    if (after.attempt() != before.attempt() && !after.status().equals("SIGNED")) {
      assertThat(after.status()).isEqualTo("QUEUED");
      assertThat(after.attempt()).isEqualTo(before.attempt() + 1);
    }
  }

  /** More facts than a state keeps: what it has forgotten must not count a second time. */
  @Property(seed = SEED, tries = 25, edgeCases = EdgeCasesMode.NONE)
  void shouldAgreeWithTheOracleWhenItHasForgottenFacts(@ForAll("longLogs") List<Draw> draws) {
    Log log = new Log(false);
    SigningState state = log.beginning;

    for (Draw draw : draws) {
      log.append(draw);
      state = SigningFold.apply(state, log.last()).state();
    }

    Statistics.label("forgot").collect(log.oracle.counted().size() > Course.MAX_HISTORY);
    Statistics.label("forgot").coverage(c -> c.check(true).percentage(share -> share > 90));
    assertThat(StoredSigning.of(StateBytes.reread(state))).isEqualTo(log.oracle.stored());
  }

  /** A whole life with everything in it, each fact twice, shuffled: the log may hold any order. */
  @Property(seed = SEED, tries = 1_000)
  void shouldAgreeWithTheOracleOnAnyOrderOfAWholeLife(@ForAll("delays") List<Integer> delays) {
    Log log = new Log(false);
    SigningState state = log.beginning;

    for (LedgerEvent event : delayed(life(log.facts), delays)) {
      Outcome expected = log.oracle.take(event);
      Transition transition = SigningFold.apply(state, event);
      assertThat(transition.outcome()).isEqualTo(expected);
      state = transition.state();
    }

    assertThat(StoredSigning.of(state)).isEqualTo(log.oracle.stored());
    Statistics.label("shuffled ends in").collect(state.status());
    Statistics.label("shuffled ends in")
        .coverage(c -> each(c, "TIMESTAMPED", "SIGNED", "CANCELLED", "QUEUED", "SIGNING"));
  }

  /** For each fact and each of its copies, by how many places it comes late: mostly by few. */
  @Provide
  Arbitrary<List<Integer>> delays() {
    return Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0)),
            Tuple.of(3, Arbitraries.integers().between(1, 6)),
            Tuple.of(1, Arbitraries.integers().between(7, 60)))
        .list()
        .ofSize(2 * life(new Facts()).size());
  }

  private static List<LedgerEvent> delayed(List<LedgerEvent> life, List<Integer> delays) {
    return IntStream.range(0, delays.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> i + delays.get(i)))
        .map(i -> life.get(i / 2))
        .toList();
  }

  private static List<LedgerEvent> life(Facts facts) {
    return List.of(
        facts.queued(1),
        facts.started(1),
        facts.failed(1),
        facts.queued(2),
        facts.started(2),
        facts.started(2),
        facts.deadLettered(2),
        facts.redriven(3),
        facts.started(3),
        facts.failedForGood(3),
        facts.deadLettered(3),
        facts.redriven(4),
        facts.started(4),
        facts.signed(2),
        facts.signed(4),
        facts.timestamped(),
        facts.cancelled(),
        facts.expired());
  }

  private static SigningState fold(SigningState state, List<LedgerEvent> events) {
    SigningState now = state;
    for (LedgerEvent event : events) {
      now = SigningFold.apply(now, event).state();
    }
    return now;
  }
}
