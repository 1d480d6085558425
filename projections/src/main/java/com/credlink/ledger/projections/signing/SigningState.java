package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningExpired;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRedriven;
import com.credlink.ledger.event.SigningRejected;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.event.TimestampAttached;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a signing request stands. Every arrow is a fact; a fact that a state does not name below
 * leaves it as it is.
 *
 * <pre>
 * {@link Requested} ──▶ {@link Queued} ──▶ {@link Signing} ──▶ {@link Signed} ──▶ {@link Timestamped}
 *     │           ▲  │          │
 *     │           │  │          ├──▶ {@link RetryScheduled} ──▶ {@link Queued}
 *     ▼           │  ▼          └──▶ {@link DeadLettered} ──(redrive)──▶ {@link Queued}
 * {@link Rejected}   │  {@link Cancelled} · {@link Expired}    (no attempt under way)
 *                 └─ {@link AwaitingApproval}
 * </pre>
 *
 * {@link RetryScheduled} is also dead-lettered, when its budget is spent before the retry is due,
 * and it can be cancelled: no attempt is under way, and none begins.
 *
 * <p>A signature is accepted from any state in which an attempt that was started has not been
 * settled: a slow worker's signature counts even if its attempt was given up meanwhile, as long as
 * it is the first in the log.
 */
public sealed interface SigningState {

  /** What every state has. */
  Course course();

  /** The request. */
  default SigningRequest request() {
    return course().request();
  }

  /** Name of the state in every interface. */
  default String status() {
    return switch (this) {
      case Requested s -> "REQUESTED";
      case AwaitingApproval s -> "AWAITING_APPROVAL";
      case Queued s -> "QUEUED";
      case Signing s -> "SIGNING";
      case RetryScheduled s -> "RETRY_SCHEDULED";
      case Signed s -> "SIGNED";
      case Timestamped s -> "TIMESTAMPED";
      case DeadLettered s -> "DEAD_LETTERED";
      case Rejected s -> "REJECTED";
      case Cancelled s -> "CANCELLED";
      case Expired s -> "EXPIRED";
    };
  }

  /** Why a request is rejected that an approver has refused. */
  String NOT_APPROVED = "approval_refused";

  /** Names of all states. */
  List<String> STATUSES =
      List.of(
          "REQUESTED",
          "AWAITING_APPROVAL",
          "QUEUED",
          "SIGNING",
          "RETRY_SCHEDULED",
          "SIGNED",
          "TIMESTAMPED",
          "DEAD_LETTERED",
          "REJECTED",
          "CANCELLED",
          "EXPIRED");

  /** Current attempt; 0 before the first. */
  default int attempt() {
    return switch (this) {
      case Requested s -> 0;
      case AwaitingApproval s -> 0;
      case Queued s -> s.attempt;
      case Signing s -> s.attempt;
      case RetryScheduled s -> s.attempt;
      case Signed s -> s.attempt;
      case Timestamped s -> s.signed.attempt;
      case DeadLettered s -> s.attempt;
      case Rejected s -> 0;
      case Cancelled s -> s.attempt;
      case Expired s -> s.attempt;
    };
  }

  /** Whether nothing more is going to happen by itself. */
  default boolean isSettled() {
    return switch (this) {
      case Requested s -> false;
      case AwaitingApproval s -> false;
      case Queued s -> false;
      case Signing s -> false;
      case RetryScheduled s -> false;
      case Signed s -> true;
      case Timestamped s -> true;
      case DeadLettered s -> true;
      case Rejected s -> true;
      case Cancelled s -> true;
      case Expired s -> true;
    };
  }

  /** Whether it is signed and its own file is still to get a time-stamp. */
  default boolean awaitsTimestamp() {
    return this instanceof Signed signed
        && request().timestamp()
        && signed.sameRequest().isEmpty()
        && signedSha256().isPresent();
  }

  /** What was made and counts; empty before there is anything. */
  default Optional<SigningResult> result() {
    return switch (this) {
      case Signed s -> Optional.of(s.made);
      case Timestamped s -> Optional.of(s.signed.made);
      case Requested s -> Optional.empty();
      case AwaitingApproval s -> Optional.empty();
      case Queued s -> Optional.empty();
      case Signing s -> Optional.empty();
      case RetryScheduled s -> Optional.empty();
      case DeadLettered s -> Optional.empty();
      case Rejected s -> Optional.empty();
      case Cancelled s -> Optional.empty();
      case Expired s -> Optional.empty();
    };
  }

  /** The signatures that count; empty before there are any. */
  default List<Signature> signatures() {
    return result().map(SigningResult::signatures).orElse(List.of());
  }

  /** SHA-256 of the signed file, hex, when a file was made. */
  default Optional<String> signedSha256() {
    return result().flatMap(SigningResult::signedSha256);
  }

  /** SHA-256 of the file with the time-stamp, hex, when it has one. */
  default Optional<String> stampedFile() {
    return this instanceof Timestamped stamped
        ? Optional.of(stamped.timestampedSha256())
        : Optional.empty();
  }

  /** The request whose result answers this one, if none was made for it. */
  default Optional<String> sameAs() {
    return switch (this) {
      case Signed s -> s.sameRequest;
      case Timestamped s -> s.signed.sameRequest;
      default -> Optional.empty();
    };
  }

  /** An approver's word. */
  default Transition approved(SigningApproved event) {
    return illegal(this);
  }

  /** The request may be signed now. */
  default Transition queued(SigningQueued event) {
    return illegal(this);
  }

  /** A signer is about to touch a key. */
  default Transition started(SigningStarted event) {
    return illegal(this);
  }

  /** An attempt ended without a signature. */
  default Transition failed(SigningAttemptFailed event) {
    return illegal(this);
  }

  /** A signature was made. */
  default Transition signed(AssetSigned event) {
    return illegal(this);
  }

  /** A time-stamp was attached. */
  default Transition timestamped(TimestampAttached event) {
    return illegal(this);
  }

  /** It is not tried again. */
  default Transition deadLettered(SigningDeadLettered event) {
    return illegal(this);
  }

  /** An operator sends it on. */
  default Transition redriven(SigningRedriven event) {
    return illegal(this);
  }

  /** It was refused. */
  default Transition rejected(SigningRejected event) {
    return illegal(this);
  }

  /** It was cancelled. */
  default Transition cancelled(SigningCancelled event) {
    return illegal(this);
  }

  /** Its time passed. */
  default Transition expired(SigningExpired event) {
    return illegal(this);
  }

  private static Transition illegal(SigningState from) {
    return Transition.ignored(from, Outcome.ILLEGAL);
  }

  private static boolean answersAStart(SigningState from, AssetSigned event) {
    return event.attempt() >= 1 && event.attempt() <= from.course().startedAttempt();
  }

  /**
   * A worker was given up and signs nevertheless: what it made is set aside, and that is a fact.
   */
  private static Transition tooLate(SigningState from, AssetSigned event) {
    return answersAStart(from, event)
        ? Transition.ignored(from, Outcome.SUPERSEDED)
        : illegal(from);
  }

  private static Transition accept(SigningState from, AssetSigned event) {
    if (!answersAStart(from, event)
        || !event.digest().equals(from.request().digest())
        || event.signatures().isEmpty()) {
      return illegal(from);
    }
    return Transition.to(
        new Signed(
            from.course().with(event, "SIGNED", event.attempt(), ""),
            event.attempt(),
            SigningResult.of(event),
            Optional.empty()));
  }

  private static Transition cancel(SigningState from, SigningCancelled event) {
    return Transition.to(
        new Cancelled(
            from.course().with(event, "CANCELLED", from.attempt(), event.reason()),
            from.attempt()));
  }

  private static Transition expire(SigningState from, SigningExpired event) {
    return Transition.to(
        new Expired(from.course().with(event, "EXPIRED", from.attempt(), ""), from.attempt()));
  }

  /** Only the end of the present attempt counts: one that comes late is about another. */
  private static Transition bury(SigningState from, SigningDeadLettered event) {
    if (event.attempt() != from.attempt()) {
      return illegal(from);
    }
    return Transition.to(
        new DeadLettered(
            from.course().with(event, "DEAD_LETTERED", from.attempt(), event.errorClass()),
            from.attempt(),
            new Failure(event.errorClass(), event.reason())));
  }

  private static Transition queue(SigningState from, SigningQueued event) {
    return Transition.to(
        new Queued(from.course().with(event, "QUEUED", event.attempt(), ""), event.attempt()));
  }

  private static Transition reject(SigningState from, SigningRejected event) {
    return Transition.to(
        new Rejected(from.course().with(event, "REJECTED", 0, event.reason()), event.reason()));
  }

  /** Accepted into the log; not admitted to the queue yet. */
  record Requested(Course course) implements SigningState {
    @Override
    public Transition queued(SigningQueued event) {
      return event.attempt() == 1 ? queue(this, event) : illegal(this);
    }

    @Override
    public Transition rejected(SigningRejected event) {
      return reject(this, event);
    }

    @Override
    public Transition cancelled(SigningCancelled event) {
      return cancel(this, event);
    }

    @Override
    public Transition expired(SigningExpired event) {
      return expire(this, event);
    }
  }

  /**
   * Policy asks for approvals first.
   *
   * @param course what every state has
   * @param approvers pseudonyms of those who have approved, each once
   */
  record AwaitingApproval(Course course, List<String> approvers) implements SigningState {
    public AwaitingApproval {
      approvers = List.copyOf(approvers);
    }

    /** Whether it has all the approvals that it needs. */
    public boolean isApproved() {
      return approvers.size() >= request().approvals();
    }

    /** Whether the approval of {@code actor} would count: not a second one, nor his own request. */
    public boolean mayApprove(String actor) {
      return !isApproved() && !approvers.contains(actor) && !actor.equals(request().requestedBy());
    }

    @Override
    public Transition approved(SigningApproved event) {
      if (!event.digest().equals(request().digest())) {
        return illegal(this);
      }
      return switch (event.decision()) {
        case APPROVE -> approve(event);
        case REJECT ->
            Transition.to(
                new Rejected(course.with(event, "REJECTED", 0, NOT_APPROVED), NOT_APPROVED));
        case UNKNOWN -> illegal(this);
      };
    }

    private Transition approve(SigningApproved event) {
      String approver = event.header().actor().id();
      if (!mayApprove(approver)) {
        return illegal(this);
      }
      List<String> all = new ArrayList<>(approvers);
      all.add(approver);
      String count = all.size() + " of " + request().approvals();
      return Transition.to(
          new AwaitingApproval(course.with(event, "AWAITING_APPROVAL", 0, count), all));
    }

    @Override
    public Transition queued(SigningQueued event) {
      return event.attempt() == 1 && isApproved() ? queue(this, event) : illegal(this);
    }

    @Override
    public Transition rejected(SigningRejected event) {
      return reject(this, event);
    }

    @Override
    public Transition cancelled(SigningCancelled event) {
      return cancel(this, event);
    }

    @Override
    public Transition expired(SigningExpired event) {
      return expire(this, event);
    }
  }

  /**
   * Ready for a worker, or already handed to one that has not started.
   *
   * @param course what every state has
   * @param attempt the attempt that it is queued for
   */
  record Queued(Course course, int attempt) implements SigningState {
    @Override
    public Transition started(SigningStarted event) {
      if (event.attempt() != attempt) {
        return illegal(this);
      }
      return Transition.to(
          new Signing(
              course.started(attempt).with(event, "SIGNING", attempt, event.worker()),
              attempt,
              1,
              Optional.empty()));
    }

    @Override
    public Transition signed(AssetSigned event) {
      return accept(this, event);
    }

    @Override
    public Transition cancelled(SigningCancelled event) {
      return cancel(this, event);
    }

    @Override
    public Transition expired(SigningExpired event) {
      return expire(this, event);
    }
  }

  /**
   * A worker touches, or may have touched, a key.
   *
   * @param course what every state has
   * @param attempt the attempt
   * @param starts how often it was started without an outcome; three make a poison job
   * @param failure set when the attempt failed for good and its end is proposed
   */
  record Signing(Course course, int attempt, int starts, Optional<Failure> failure)
      implements SigningState {
    @Override
    public Transition started(SigningStarted event) {
      if (event.attempt() != attempt || failure.isPresent()) {
        return illegal(this);
      }
      return Transition.to(
          new Signing(
              course.with(event, "SIGNING", attempt, event.worker()),
              attempt,
              starts + 1,
              Optional.empty()));
    }

    @Override
    public Transition failed(SigningAttemptFailed event) {
      if (event.attempt() != attempt || failure.isPresent()) {
        return illegal(this);
      }
      Failure why = new Failure(event.errorClass(), event.reason());
      if (event.retryable() && event.dueAt().isPresent()) {
        return Transition.to(
            new RetryScheduled(
                course.with(event, "RETRY_SCHEDULED", attempt, event.errorClass()),
                attempt,
                event.dueAt().get(),
                why));
      }
      return Transition.to(
          new Signing(
              course.with(event, "SIGNING", attempt, event.errorClass()),
              attempt,
              starts,
              Optional.of(why)));
    }

    @Override
    public Transition signed(AssetSigned event) {
      return accept(this, event);
    }

    @Override
    public Transition deadLettered(SigningDeadLettered event) {
      return bury(this, event);
    }
  }

  /**
   * An attempt failed; another is due later.
   *
   * @param course what every state has
   * @param attempt the attempt that failed
   * @param dueAt when the next one is due, as the failure says
   * @param failure why it failed
   */
  record RetryScheduled(Course course, int attempt, Instant dueAt, Failure failure)
      implements SigningState {
    @Override
    public Transition cancelled(SigningCancelled event) {
      return cancel(this, event);
    }

    @Override
    public Transition queued(SigningQueued event) {
      return event.attempt() == attempt + 1 ? queue(this, event) : illegal(this);
    }

    @Override
    public Transition signed(AssetSigned event) {
      return accept(this, event);
    }

    @Override
    public Transition deadLettered(SigningDeadLettered event) {
      return bury(this, event);
    }
  }

  /**
   * Signed; the first signature in the log is the one that counts.
   *
   * @param course what every state has
   * @param attempt the attempt that made it
   * @param made what was made
   * @param sameRequest the request that it was made for, if that is another
   */
  record Signed(Course course, int attempt, SigningResult made, Optional<String> sameRequest)
      implements SigningState {

    @Override
    public Transition signed(AssetSigned event) {
      return Transition.ignored(this, Outcome.SUPERSEDED);
    }

    @Override
    public Transition timestamped(TimestampAttached event) {
      Signed stamped =
          new Signed(
              course.with(event, "TIMESTAMPED", attempt, event.tsa()), attempt, made, sameRequest);
      return Transition.to(
          new Timestamped(stamped, event.tsa(), event.stampedAt(), event.timestampedSha256()));
    }
  }

  /**
   * Signed, with a time-stamp.
   *
   * @param signed what was signed
   * @param tsa the authority
   * @param stampedAt the time that it states
   * @param timestampedSha256 SHA-256 of the file with the time-stamp, hex
   */
  record Timestamped(Signed signed, String tsa, Instant stampedAt, String timestampedSha256)
      implements SigningState {
    @Override
    public Course course() {
      return signed.course();
    }

    @Override
    public Transition signed(AssetSigned event) {
      return Transition.ignored(this, Outcome.SUPERSEDED);
    }
  }

  /**
   * Not tried again by itself.
   *
   * @param course what every state has
   * @param attempt the last attempt
   * @param failure why
   */
  record DeadLettered(Course course, int attempt, Failure failure) implements SigningState {
    @Override
    public Transition signed(AssetSigned event) {
      return tooLate(this, event);
    }

    @Override
    public Transition redriven(SigningRedriven event) {
      if (event.attempt() != attempt + 1) {
        return illegal(this);
      }
      return Transition.to(
          new Queued(
              course
                  .newBudget(event.header().recordedAt())
                  .with(event, "QUEUED", event.attempt(), ""),
              event.attempt()));
    }
  }

  /**
   * Refused before it was queued.
   *
   * @param course what every state has
   * @param reason why
   */
  record Rejected(Course course, String reason) implements SigningState {}

  /**
   * Cancelled before it was started.
   *
   * @param course what every state has
   * @param attempt the attempt that it was queued for
   */
  record Cancelled(Course course, int attempt) implements SigningState {
    @Override
    public Transition signed(AssetSigned event) {
      return tooLate(this, event);
    }
  }

  /**
   * Its own time limit passed before it was started.
   *
   * @param course what every state has
   * @param attempt the attempt that it was queued for
   */
  record Expired(Course course, int attempt) implements SigningState {
    @Override
    public Transition signed(AssetSigned event) {
      return tooLate(this, event);
    }
  }
}
