package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.Signature;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The flat form of a {@link SigningState} that a store keeps; components mirror the Avro record of
 * the same name.
 */
public record StoredSigning(
    SigningRequest request,
    Instant budgetFrom,
    int startedAttempt,
    List<HistoryEntry> history,
    String status,
    int attempt,
    int starts,
    Optional<Instant> dueAt,
    Optional<Failure> failure,
    List<Signature> signatures,
    Optional<String> signedSha256,
    Optional<String> tsa,
    Optional<Instant> stampedAt,
    Optional<String> timestampedSha256,
    Optional<String> manifestSha256,
    List<String> approvers,
    Optional<String> sameAs) {

  public StoredSigning {
    approvers = List.copyOf(approvers);
    history = List.copyOf(history);
    signatures = List.copyOf(signatures);
  }

  /** The stored form of {@code state}. */
  public static StoredSigning of(SigningState state) {
    Optional<Timestamped> stamped =
        state instanceof Timestamped s ? Optional.of(s) : Optional.empty();
    Course course = state.course();
    return new StoredSigning(
        course.request(),
        course.budgetFrom(),
        course.startedAttempt(),
        course.history(),
        state.status(),
        state.attempt(),
        state instanceof Signing s ? s.starts() : 0,
        state instanceof RetryScheduled s ? Optional.of(s.dueAt()) : Optional.empty(),
        failureOf(state),
        state.signatures(),
        state.signedSha256(),
        stamped.map(Timestamped::tsa),
        stamped.map(Timestamped::stampedAt),
        stamped.map(Timestamped::timestampedSha256),
        state.result().flatMap(SigningResult::manifestSha256),
        state instanceof AwaitingApproval s ? s.approvers() : List.of(),
        state.sameAs());
  }

  private static Optional<Failure> failureOf(SigningState state) {
    return switch (state) {
      case Signing s -> s.failure();
      case RetryScheduled s -> Optional.of(s.failure());
      case DeadLettered s -> Optional.of(s.failure());
      case Rejected s -> Optional.of(new Failure("rejected", s.reason()));
      default -> Optional.empty();
    };
  }

  /** The state that was stored. */
  public SigningState toState() {
    Course course = new Course(request, budgetFrom, startedAttempt, history);
    return switch (status) {
      case "REQUESTED" -> new Requested(course);
      case "AWAITING_APPROVAL" -> new AwaitingApproval(course, approvers);
      case "QUEUED" -> new Queued(course, attempt);
      case "SIGNING" -> new Signing(course, attempt, starts, failure);
      case "RETRY_SCHEDULED" ->
          new RetryScheduled(course, attempt, dueAt.orElseThrow(), failure.orElseThrow());
      case "SIGNED" -> signed(course);
      case "TIMESTAMPED" ->
          new Timestamped(
              signed(course),
              tsa.orElseThrow(),
              stampedAt.orElseThrow(),
              timestampedSha256.orElseThrow());
      case "DEAD_LETTERED" -> new DeadLettered(course, attempt, failure.orElseThrow());
      case "REJECTED" -> new Rejected(course, failure.orElseThrow().reason());
      case "CANCELLED" -> new Cancelled(course, attempt);
      case "EXPIRED" -> new Expired(course, attempt);
      default -> throw new IllegalStateException("The store has a state '" + status + "'");
    };
  }

  private Signed signed(Course course) {
    return new Signed(
        course, attempt, new SigningResult(signatures, signedSha256, manifestSha256), sameAs);
  }
}
