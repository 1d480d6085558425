package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRedriven;
import com.credlink.ledger.event.SigningRejected;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.event.TimestampAttached;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The life cycle a second time, made differently so that it does not repeat the fold's mistakes:
 * there is no state, only the list of the facts that counted. Everything is looked up in that list
 * anew each time, and what may follow is one flat set of pairs.
 */
final class LifecycleOracle {

  /** Which fact may follow in which state; everything else does not count. */
  private static final Set<String> MAY_FOLLOW =
      Set.of(
          "REQUESTED SigningQueued",
          "REQUESTED SigningRejected",
          "REQUESTED SigningCancelled",
          "REQUESTED SigningExpired",
          "AWAITING_APPROVAL SigningApproved",
          "AWAITING_APPROVAL SigningQueued",
          "AWAITING_APPROVAL SigningRejected",
          "AWAITING_APPROVAL SigningCancelled",
          "AWAITING_APPROVAL SigningExpired",
          "QUEUED SigningStarted",
          "QUEUED AssetSigned",
          "QUEUED SigningCancelled",
          "QUEUED SigningExpired",
          "SIGNING SigningStarted",
          "SIGNING SigningAttemptFailed",
          "SIGNING AssetSigned",
          "SIGNING SigningDeadLettered",
          "FAILED AssetSigned",
          "FAILED SigningDeadLettered",
          "RETRY_SCHEDULED SigningQueued",
          "RETRY_SCHEDULED AssetSigned",
          "RETRY_SCHEDULED SigningCancelled",
          "RETRY_SCHEDULED SigningDeadLettered",
          "SIGNED TimestampAttached",
          "DEAD_LETTERED SigningRedriven");

  /** The state that a fact leads to, wherever it comes from. */
  private static final Map<String, String> LEADS_TO =
      Map.of(
          "SigningQueued", "QUEUED",
          "SigningRedriven", "QUEUED",
          "SigningStarted", "SIGNING",
          "AssetSigned", "SIGNED",
          "TimestampAttached", "TIMESTAMPED",
          "SigningDeadLettered", "DEAD_LETTERED",
          "SigningRejected", "REJECTED",
          "SigningCancelled", "CANCELLED",
          "SigningExpired", "EXPIRED");

  private final String first;
  private final List<LedgerEvent> counted = new ArrayList<>();

  /** A life that begins with {@code request} in the state of that name. */
  LifecycleOracle(SigningRequested request, String first) {
    this.first = first;
    counted.add(request);
  }

  /** Takes {@code event} if it counts, and says whether it did. */
  Outcome take(LedgerEvent event) {
    if (counted.stream().anyMatch(known -> known.eventId().equals(event.eventId()))) {
      return Outcome.DUPLICATE;
    }
    if (event instanceof AssetSigned signature && isTooLate(signature)) {
      return Outcome.SUPERSEDED;
    }
    if (!MAY_FOLLOW.contains(phase(counted) + " " + event.type()) || !fits(event)) {
      return Outcome.ILLEGAL;
    }
    counted.add(event);
    return Outcome.APPLIED;
  }

  private boolean isTooLate(AssetSigned signature) {
    boolean given = !all(AssetSigned.class, counted).isEmpty();
    boolean givenUp = Set.of("DEAD_LETTERED", "CANCELLED", "EXPIRED").contains(status());
    return given
        || (givenUp
            && startedAttempts(counted).anyMatch(started -> started == signature.attempt()));
  }

  private boolean fits(LedgerEvent event) {
    int present = attempt();
    return switch (event) {
      case SigningApproved e -> fits(e);
      case SigningQueued e -> e.attempt() == present + 1 && isApproved();
      case SigningRedriven e -> e.attempt() == present + 1;
      case SigningStarted e -> e.attempt() == present;
      case SigningAttemptFailed e -> e.attempt() == present;
      case SigningDeadLettered e -> e.attempt() == present;
      case AssetSigned e ->
          startedAttempts(counted).anyMatch(started -> started == e.attempt())
              && e.digest().equals(request().digest())
              && !e.signatures().isEmpty();
      default -> true;
    };
  }

  private boolean fits(SigningApproved word) {
    String who = word.header().actor().id();
    boolean counts =
        !isApproved()
            && !who.equals(request().header().actor().id())
            && approvals().noneMatch(who::equals);
    return word.digest().equals(request().digest())
        && (word.decision() == ApprovalDecision.REJECT
            || (word.decision() == ApprovalDecision.APPROVE && counts));
  }

  private Stream<String> approvals() {
    return all(SigningApproved.class, counted).stream()
        .filter(word -> word.decision() == ApprovalDecision.APPROVE)
        .map(word -> word.header().actor().id());
  }

  private boolean isApproved() {
    return approvals().count() >= request().approvals();
  }

  /** Facts that counted, oldest first. */
  List<LedgerEvent> counted() {
    return List.copyOf(counted);
  }

  /** Name of the state. */
  String status() {
    return shown(phase(counted));
  }

  /** Current attempt. */
  int attempt() {
    return attempt(counted);
  }

  /** What a store is expected to hold. */
  StoredSigning stored() {
    LedgerEvent last = counted.getLast();
    Optional<AssetSigned> signed = first(AssetSigned.class);
    Optional<TimestampAttached> stamp = first(TimestampAttached.class);
    return new StoredSigning(
        SigningRequest.of(request()),
        budgetFrom(),
        startedAttempts(counted).max(Integer::compare).orElse(0),
        history(),
        status(),
        attempt(),
        starts(),
        dueAt(last),
        failure(last),
        signed.map(AssetSigned::signatures).orElse(List.of()),
        signed.flatMap(AssetSigned::signedSha256),
        stamp.map(TimestampAttached::tsa),
        stamp.map(TimestampAttached::stampedAt),
        stamp.map(TimestampAttached::timestampedSha256),
        signed.flatMap(AssetSigned::manifestSha256),
        status().equals("AWAITING_APPROVAL") ? approvals().toList() : List.of(),
        Optional.empty());
  }

  private SigningRequested request() {
    return (SigningRequested) counted.getFirst();
  }

  /** As the state, but with FAILED for a permanent failure, which outside is still SIGNING. */
  private String phase(List<LedgerEvent> facts) {
    return switch (facts.getLast()) {
      case SigningRequested _ -> first;
      case SigningApproved e ->
          e.decision() == ApprovalDecision.REJECT ? "REJECTED" : "AWAITING_APPROVAL";
      case SigningAttemptFailed e -> isTriedAgain(e) ? "RETRY_SCHEDULED" : "FAILED";
      case LedgerEvent e -> LEADS_TO.get(e.type());
    };
  }

  private static String shown(String phase) {
    return phase.equals("FAILED") ? "SIGNING" : phase;
  }

  private static boolean isTriedAgain(SigningAttemptFailed event) {
    return event.retryable() && event.dueAt().isPresent();
  }

  /** The attempt that was signed, else the last that was queued. */
  private static int attempt(List<LedgerEvent> facts) {
    List<AssetSigned> signed = all(AssetSigned.class, facts);
    return signed.isEmpty()
        ? (int) facts.stream().filter(LifecycleOracle::queues).count()
        : signed.getFirst().attempt();
  }

  private static boolean queues(LedgerEvent event) {
    return event instanceof SigningQueued || event instanceof SigningRedriven;
  }

  private static Stream<Integer> startedAttempts(List<LedgerEvent> facts) {
    return all(SigningStarted.class, facts).stream().map(SigningStarted::attempt);
  }

  private int starts() {
    return status().equals("SIGNING")
        ? (int) startedAttempts(counted).filter(started -> started == attempt()).count()
        : 0;
  }

  private Instant budgetFrom() {
    return counted.stream()
        .filter(event -> event instanceof SigningRequested || event instanceof SigningRedriven)
        .reduce((earlier, later) -> later)
        .orElseThrow()
        .header()
        .recordedAt();
  }

  private static Optional<Instant> dueAt(LedgerEvent last) {
    return last instanceof SigningAttemptFailed e && isTriedAgain(e) ? e.dueAt() : Optional.empty();
  }

  private static Optional<Failure> failure(LedgerEvent last) {
    return switch (last) {
      case SigningAttemptFailed e -> Optional.of(new Failure(e.errorClass(), e.reason()));
      case SigningDeadLettered e -> Optional.of(new Failure(e.errorClass(), e.reason()));
      case SigningRejected e -> Optional.of(new Failure("rejected", e.reason()));
      case SigningApproved e when e.decision() == ApprovalDecision.REJECT ->
          Optional.of(new Failure("rejected", "approval_refused"));
      default -> Optional.empty();
    };
  }

  private List<HistoryEntry> history() {
    int size = counted.size();
    int forgotten = Math.max(0, size - 200);
    return IntStream.range(0, size)
        .filter(i -> i == 0 || i > forgotten)
        .mapToObj(this::entry)
        .toList();
  }

  private HistoryEntry entry(int i) {
    List<LedgerEvent> facts = counted.subList(0, i + 1);
    LedgerEvent event = counted.get(i);
    String status = shown(phase(facts));
    return new HistoryEntry(
        status,
        event.header().recordedAt(),
        event.eventId(),
        event.type(),
        attempt(facts),
        detail(event, facts));
  }

  private String detail(LedgerEvent event, List<LedgerEvent> facts) {
    return switch (event) {
      case SigningApproved e ->
          e.decision() == ApprovalDecision.REJECT
              ? "approval_refused"
              : all(SigningApproved.class, facts).size() + " of " + request().approvals();
      case SigningStarted e -> e.worker();
      case SigningAttemptFailed e -> e.errorClass();
      case SigningDeadLettered e -> e.errorClass();
      case TimestampAttached e -> e.tsa();
      case SigningRejected e -> e.reason();
      case SigningCancelled e -> e.reason();
      default -> "";
    };
  }

  private <T extends LedgerEvent> Optional<T> first(Class<T> type) {
    return all(type, counted).stream().findFirst();
  }

  private static <T extends LedgerEvent> List<T> all(Class<T> type, List<LedgerEvent> facts) {
    return facts.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
