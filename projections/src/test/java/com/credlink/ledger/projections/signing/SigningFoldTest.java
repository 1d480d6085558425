package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SigningFoldTest {

  /**
   * The whole life cycle: a line for each fact, a column for each state. A cell names the state
   * that the fact leads to; {@code .} is a fact that the state does not accept, {@code ~} a
   * signature that comes after the one that counts, or after the end.
   *
   * <p>QU2 is QUEUED again after a first attempt, SGF is SIGNING with a permanent failure whose end
   * is proposed. Each fact names the attempt that fits the state; {@link #misfits()} has the
   * others.
   */
  private static final String TABLE =
      """
                                          REQ AWA APP QUE QU2 SIG SGF RET SGD TST DEA REJ CAN EXP
      SigningRequested                     .   .   .   .   .   .   .   .   .   .   .   .   .   .
      SigningRejected                     REJ REJ REJ  .   .   .   .   .   .   .   .   .   .   .
      SigningApproved                      .  AWA  .   .   .   .   .   .   .   .   .   .   .   .
      SigningApproved/own                  .   .   .   .   .   .   .   .   .   .   .   .   .   .
      SigningApproved/other-digest         .   .   .   .   .   .   .   .   .   .   .   .   .   .
      SigningApproved/reject               .  REJ REJ  .   .   .   .   .   .   .   .   .   .   .
      SigningQueued                       QUE  .  QUE  .   .   .   .  QUE  .   .   .   .   .   .
      SigningStarted                       .   .   .  SIG SIG SIG  .   .   .   .   .   .   .   .
      SigningAttemptFailed                 .   .   .   .   .  RET  .   .   .   .   .   .   .   .
      SigningAttemptFailed/for-good        .   .   .   .   .  SIG  .   .   .   .   .   .   .   .
      SigningAttemptFailed/no-due-time     .   .   .   .   .  SIG  .   .   .   .   .   .   .   .
      SigningAttemptFailed/useless-due     .   .   .   .   .  SIG  .   .   .   .   .   .   .   .
      AssetSigned                          .   .   .   .  SGD SGD SGD SGD  ~   ~   ~   .   .   .
      TimestampAttached                    .   .   .   .   .   .   .   .  TST  .   .   .   .   .
      SigningDeadLettered                  .   .   .   .   .  DEA DEA DEA  .   .   .   .   .   .
      SigningRedriven                      .   .   .   .   .   .   .   .   .   .  QUE  .   .   .
      SigningCancelled                    CAN CAN CAN CAN CAN  .   .  CAN  .   .   .   .   .   .
      SigningExpired                      EXP EXP EXP EXP EXP  .   .   .   .   .   .   .   .   .
      SignatureSuppressed                  .   .   .   .   .   .   .   .   .   .   .   .   .   .
      """;

  private static final Facts FACTS = new Facts();

  private static final Map<String, Supplier<SigningState>> STATES = states();

  private static final Map<String, Function<SigningState, LedgerEvent>> EVENTS = events();

  private static Map<String, Supplier<SigningState>> states() {
    Lives lives = new Lives(FACTS);
    Map<String, Supplier<SigningState>> states = new LinkedHashMap<>();
    states.put("REQ", lives::requested);
    states.put("AWA", lives::awaitingApproval);
    states.put("APP", lives::approved);
    states.put("QUE", lives::queued);
    states.put("QU2", lives::queuedAgain);
    states.put("SIG", lives::signing);
    states.put("SGF", lives::failed);
    states.put("RET", lives::retryScheduled);
    states.put("SGD", lives::signed);
    states.put("TST", lives::timestamped);
    states.put("DEA", lives::deadLettered);
    states.put("REJ", lives::rejected);
    states.put("CAN", lives::cancelled);
    states.put("EXP", lives::expired);
    return states;
  }

  private static Map<String, Function<SigningState, LedgerEvent>> events() {
    Map<String, Function<SigningState, LedgerEvent>> events = new LinkedHashMap<>();
    events.put("SigningRequested", _ -> FACTS.requested());
    events.put("SigningRejected", _ -> FACTS.rejected());
    events.put("SigningApproved", _ -> FACTS.approved("carl"));
    events.put("SigningApproved/own", _ -> FACTS.approved(Facts.REQUESTER));
    events.put(
        "SigningApproved/other-digest",
        _ -> FACTS.approved("carl", "cd".repeat(32), ApprovalDecision.APPROVE));
    events.put(
        "SigningApproved/reject",
        _ -> FACTS.approved("carl", Facts.DIGEST, ApprovalDecision.REJECT));
    events.put("SigningQueued", state -> FACTS.queued(state.attempt() + 1));
    events.put("SigningStarted", state -> FACTS.started(state.attempt()));
    events.put("SigningAttemptFailed", state -> FACTS.failed(state.attempt()));
    events.put("SigningAttemptFailed/for-good", state -> FACTS.failedForGood(state.attempt()));
    events.put(
        "SigningAttemptFailed/no-due-time", state -> FACTS.failedWithoutDueTime(state.attempt()));
    events.put(
        "SigningAttemptFailed/useless-due",
        state -> FACTS.failedForGoodWithDueTime(state.attempt()));
    events.put("AssetSigned", state -> FACTS.signed(Math.max(1, state.course().startedAttempt())));
    events.put("TimestampAttached", _ -> FACTS.timestamped());
    events.put("SigningDeadLettered", state -> FACTS.deadLettered(state.attempt()));
    events.put("SigningRedriven", state -> FACTS.redriven(state.attempt() + 1));
    events.put("SigningCancelled", _ -> FACTS.cancelled());
    events.put("SigningExpired", _ -> FACTS.expired());
    events.put("SignatureSuppressed", _ -> FACTS.suppressed());
    return events;
  }

  /** One cell of the table. */
  record Cell(String state, String event, String verdict) {}

  static List<Cell> cells() {
    List<String> lines = TABLE.lines().toList();
    List<String> columns = words(lines.getFirst());
    return lines.stream()
        .skip(1)
        .map(SigningFoldTest::words)
        .flatMap(
            line ->
                IntStream.range(0, columns.size())
                    .mapToObj(i -> new Cell(columns.get(i), line.getFirst(), line.get(i + 1))))
        .toList();
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split(" +"));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void shouldFollowTheTable(Cell cell) {
    SigningState before = STATES.get(cell.state).get();
    LedgerEvent event = EVENTS.get(cell.event).apply(before);

    Transition transition = SigningFold.apply(before, event);

    switch (cell.verdict) {
      case "." -> assertIgnored(transition, before, Outcome.ILLEGAL);
      case "~" -> assertIgnored(transition, before, Outcome.SUPERSEDED);
      default -> assertApplied(transition, before, event, STATES.get(cell.verdict).get().status());
    }
  }

  private static void assertIgnored(Transition transition, SigningState before, Outcome why) {
    assertThat(transition.outcome()).isEqualTo(why);
    assertThat(transition.applied()).isFalse();
    assertThat(transition.state()).isSameAs(before);
  }

  private static void assertApplied(
      Transition transition, SigningState before, LedgerEvent event, String status) {
    SigningState after = transition.state();
    assertThat(transition.outcome()).isEqualTo(Outcome.APPLIED);
    assertThat(transition.applied()).isTrue();
    assertThat(after.status()).isEqualTo(status);
    assertThat(after.request()).isEqualTo(before.request());
    assertThat(after.course().history())
        .startsWith(before.course().history().toArray(HistoryEntry[]::new));
    assertThat(after.course().history()).hasSize(before.course().history().size() + 1);
    assertThat(after.course().last().eventId()).isEqualTo(event.eventId());
    assertThat(after.course().last().type()).isEqualTo(event.type());
    assertThat(after.course().last().status()).isEqualTo(status);
    assertThat(after.course().last().at()).isEqualTo(event.header().recordedAt());
    assertThat(after.course().last().attempt()).isEqualTo(after.attempt());
    assertIgnored(SigningFold.apply(after, event), after, Outcome.DUPLICATE);
  }

  @Test
  void shouldHaveAColumnForEachState() {
    Set<Class<?>> classes =
        STATES.values().stream().map(state -> state.get().getClass()).collect(Collectors.toSet());
    List<String> statuses =
        STATES.values().stream().map(state -> state.get().status()).distinct().toList();

    assertThat(classes).containsExactlyInAnyOrder(SigningState.class.getPermittedSubclasses());
    assertThat(statuses).containsExactlyInAnyOrderElementsOf(SigningState.STATUSES);
    assertThat(words(TABLE.lines().findFirst().orElseThrow()))
        .containsExactlyElementsOf(STATES.keySet());
  }

  @Test
  void shouldHaveALineForEachFactAboutARequest() {
    Set<String> aboutRequests =
        Arrays.stream(LedgerEvent.class.getPermittedSubclasses())
            .filter(SigningFoldTest::isAboutARequest)
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());

    Set<String> lines =
        EVENTS.keySet().stream().map(SigningFoldTest::typeName).collect(Collectors.toSet());

    assertThat(lines).isEqualTo(aboutRequests);
    assertThat(TABLE.lines().skip(1).map(line -> words(line).getFirst()))
        .containsExactlyElementsOf(EVENTS.keySet());
    assertThat(TABLE.lines().skip(1))
        .allSatisfy(line -> assertThat(words(line)).hasSize(STATES.size() + 1));
  }

  /** A decision has an id of the call that it was about, which is no signing request's. */
  private static boolean isAboutARequest(Class<?> type) {
    return type != AuthDecided.class
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(component -> component.getName().equals("requestId"));
  }

  private static String typeName(String line) {
    return line.replaceFirst("/.*", "");
  }

  @Test
  void shouldTellWhichRequestAFactIsAbout() {
    SigningState state = STATES.get("SIG").get();

    assertThat(EVENTS)
        .allSatisfy(
            (line, make) -> {
              LedgerEvent event = make.apply(state);
              assertThat(event.type()).isEqualTo(typeName(line));
              assertThat(SigningFold.requestId(event)).contains(Facts.REQUEST);
            });
    assertThat(SigningFold.requestId(FACTS.unrelated())).isEmpty();
  }

  /** A fact that a state would accept, were it not for one wrong detail. */
  record Misfit(String state, String why, LedgerEvent event) {}

  static Stream<Misfit> misfits() {
    return Stream.of(
        new Misfit("REQ", "the first attempt is 1", FACTS.queued(0)),
        new Misfit("REQ", "the first attempt is 1", FACTS.queued(2)),
        new Misfit("AWA", "the first attempt is 1", FACTS.queued(2)),
        new Misfit("QUE", "queued for attempt 1", FACTS.started(0)),
        new Misfit("QUE", "queued for attempt 1", FACTS.started(2)),
        new Misfit("QUE", "nothing was started", FACTS.signed(1)),
        new Misfit("QUE", "there is no attempt 0", FACTS.signed(0)),
        new Misfit("QU2", "queued for attempt 2", FACTS.started(1)),
        new Misfit("QU2", "attempt 2 was not started", FACTS.signed(2)),
        new Misfit("QU2", "attempt 1 was answered", FACTS.deadLettered(1)),
        new Misfit("SIG", "in attempt 1", FACTS.started(2)),
        new Misfit("SIG", "in attempt 1", FACTS.failed(0)),
        new Misfit("SIG", "in attempt 1", FACTS.failed(2)),
        new Misfit("SIG", "in attempt 1", FACTS.failedForGood(2)),
        new Misfit("SIG", "in attempt 1", FACTS.deadLettered(0)),
        new Misfit("SIG", "in attempt 1", FACTS.deadLettered(2)),
        new Misfit("SIG", "in attempt 1", FACTS.signed(2)),
        new Misfit("SIG", "there is no attempt 0", FACTS.signed(0)),
        new Misfit("SIG", "another digest", FACTS.signedOtherDigest(1)),
        new Misfit("SIG", "no signature", FACTS.signedWithoutSignature(1)),
        new Misfit("SGF", "in attempt 1", FACTS.deadLettered(2)),
        new Misfit("RET", "attempt 1 failed, 2 is next", FACTS.queued(1)),
        new Misfit("RET", "attempt 1 failed, 2 is next", FACTS.queued(3)),
        new Misfit("RET", "attempt 1 failed", FACTS.deadLettered(2)),
        new Misfit("RET", "another digest", FACTS.signedOtherDigest(1)),
        new Misfit("DEA", "attempt 1 was the last", FACTS.redriven(1)),
        new Misfit("DEA", "attempt 1 was the last", FACTS.redriven(3)));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void shouldIgnoreAFactWithAWrongDetail(Misfit misfit) {
    SigningState before = STATES.get(misfit.state).get();

    Transition transition = SigningFold.apply(before, misfit.event);

    assertIgnored(transition, before, Outcome.ILLEGAL);
  }

  static Set<String> stateNames() {
    return STATES.keySet();
  }

  @ParameterizedTest
  @MethodSource("stateNames")
  void shouldIgnoreWhatIsAboutNoRequest(String name) {
    SigningState before = STATES.get(name).get();

    assertIgnored(SigningFold.apply(before, FACTS.unrelated()), before, Outcome.ILLEGAL);
  }

  @ParameterizedTest
  @MethodSource("stateNames")
  void shouldFlagEveryFactThatCountedAsADuplicateAndStayAsItIs(String name) {
    SigningState before = STATES.get(name).get();

    for (HistoryEntry entry : before.course().history()) {
      LedgerEvent again = withId(entry.eventId());
      assertIgnored(SigningFold.apply(before, again), before, Outcome.DUPLICATE);
    }
  }

  /** Any fact: a known id is enough. */
  private static LedgerEvent withId(String eventId) {
    EventHeader other = FACTS.header();
    return new SigningCancelled(
        new EventHeader(
            eventId,
            other.tenant(),
            other.occurredAt(),
            other.recordedAt(),
            other.actor(),
            other.source(),
            other.correlationId(),
            other.causationId(),
            other.traceparent()),
        Facts.REQUEST,
        "Again.");
  }

  @ParameterizedTest
  @MethodSource("stateNames")
  void shouldBeTheSameAfterItWasStored(String name) {
    SigningState state = STATES.get(name).get();

    assertThat(StateBytes.reread(state)).isEqualTo(state);
  }

  @Test
  void shouldBeginWithWhatWasMadeForAnother() {
    Lives lives = new Lives(FACTS);
    for (SigningState first : List.of(lives.signed(), lives.timestamped())) {
      var event = FACTS.requested();

      SigningState state = SigningFold.begin(event, first);

      assertThat(state.status()).isEqualTo(first.status());
      assertThat(state.isSettled()).isTrue();
      assertThat(state.result()).isEqualTo(first.result());
      assertThat(state.sameAs()).contains(first.request().requestId());
      assertThat(state.attempt()).isZero();
      assertThat(state.course().last().eventId()).isEqualTo(event.eventId());
      assertThat(StateBytes.reread(state)).isEqualTo(state);
      assertThat(SigningFold.begin(FACTS.requested(), state).sameAs())
          .as("named is the one that made it")
          .contains(first.request().requestId());
    }
  }

  @Test
  void shouldBeginWithWhatTheRequestFixed() {
    var event = FACTS.requested();

    SigningState state = SigningFold.begin(event);

    assertThat(state.request())
        .isEqualTo(
            new SigningRequest(
                event.requestId(),
                event.tenant(),
                event.digest(),
                event.assetStored(),
                event.formats(),
                event.lane(),
                event.expiresAt(),
                event.keys(),
                event.origin(),
                event.header().recordedAt(),
                event.header().correlationId(),
                event.manifestId(),
                event.instanceId(),
                event.claimedAt(),
                event.remoteManifest(),
                event.title(),
                event.titleHash(),
                event.approvals(),
                event.timestamp(),
                Facts.REQUESTER));
    assertThat(state.attempt()).isZero();
    assertThat(state.course().budgetFrom()).isEqualTo(event.header().recordedAt());
    assertThat(state.course().startedAttempt()).isZero();
    assertThat(state.course().history())
        .containsExactly(
            new HistoryEntry(
                "REQUESTED",
                event.header().recordedAt(),
                event.eventId(),
                "SigningRequested",
                0,
                ""));
  }

  @Test
  void shouldCountTheFirstSignatureAndKeepItForEver() {
    SigningState signing = STATES.get("SIG").get();
    var first = FACTS.signed(1);
    var second = FACTS.signed(1);

    SigningState signed = Lives.then(signing, first);
    Transition late = SigningFold.apply(signed, second);
    SigningState stamped = Lives.then(late.state(), FACTS.timestamped());

    assertThat(second.signatures()).isNotEqualTo(first.signatures());
    assertThat(signed.signatures()).isEqualTo(first.signatures());
    assertThat(late.outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(stamped.signatures()).isEqualTo(first.signatures());
    assertThat(stamped.signedSha256()).isEqualTo(first.signedSha256()).isPresent();
  }

  @Test
  void shouldCountASlowWorkersSignatureOfAnEarlierAttempt() {
    SigningState secondAttempt = Lives.then(STATES.get("QU2").get(), FACTS.started(2));

    SigningState signed = Lives.then(secondAttempt, FACTS.signed(1));

    assertThat(secondAttempt.attempt()).isEqualTo(2);
    assertThat(signed.attempt()).isEqualTo(1);
    assertThat(signed.course().startedAttempt()).isEqualTo(2);
  }

  @Test
  void shouldCountStartsOfOneAttemptAndBeginAnewWithTheNext() {
    SigningState once = STATES.get("SIG").get();

    SigningState thrice = Lives.then(once, FACTS.started(1), FACTS.started(1));
    SigningState next = Lives.then(thrice, FACTS.failed(1), FACTS.queued(2), FACTS.started(2));

    assertThat(once)
        .isInstanceOfSatisfying(
            SigningState.Signing.class, s -> assertThat(s.starts()).isEqualTo(1));
    assertThat(thrice)
        .isInstanceOfSatisfying(
            SigningState.Signing.class, s -> assertThat(s.starts()).isEqualTo(3));
    assertThat(next)
        .isInstanceOfSatisfying(
            SigningState.Signing.class, s -> assertThat(s.starts()).isEqualTo(1));
  }

  @Test
  void shouldNotLetAStaleDeadLetterEndALaterAttempt() {
    SigningState secondAttempt = Lives.then(STATES.get("QU2").get(), FACTS.started(2));

    Transition transition = SigningFold.apply(secondAttempt, FACTS.deadLettered(1));

    assertIgnored(transition, secondAttempt, Outcome.ILLEGAL);
  }

  @Test
  void shouldBeginANewBudgetWithARedrive() {
    SigningState buried = STATES.get("DEA").get();
    var redriven = FACTS.redriven(2);

    SigningState again = Lives.then(buried, redriven);

    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.course().budgetFrom())
        .isEqualTo(redriven.header().recordedAt())
        .isAfter(buried.course().budgetFrom());
  }

  @ParameterizedTest
  @MethodSource("stateNames")
  void shouldBeSettledWhereNothingHappensByItself(String name) {
    Set<String> settled = Set.of("SGD", "TST", "DEA", "REJ", "CAN", "EXP");

    assertThat(STATES.get(name).get().isSettled()).isEqualTo(settled.contains(name));
  }

  @ParameterizedTest
  @MethodSource("stateNames")
  void shouldHaveSignaturesOnlyWhereSigned(String name) {
    SigningState state = STATES.get(name).get();

    boolean signed = Set.of("SGD", "TST").contains(name);

    assertThat(state.signatures().isEmpty()).isEqualTo(!signed);
    assertThat(state.signedSha256().isPresent()).isEqualTo(signed);
  }
}
