package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.AlertRaised;
import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.ConfigChanged;
import com.credlink.ledger.event.DecisionVoided;
import com.credlink.ledger.event.FactorEnrolled;
import com.credlink.ledger.event.GapDetected;
import com.credlink.ledger.event.GapFilled;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.KeyCertified;
import com.credlink.ledger.event.KeyCreated;
import com.credlink.ledger.event.KeyDestroyed;
import com.credlink.ledger.event.KeyRetired;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.LogAccessed;
import com.credlink.ledger.event.LogSealed;
import com.credlink.ledger.event.LogVerified;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.NodeStopped;
import com.credlink.ledger.event.RefusalsCounted;
import com.credlink.ledger.event.RoleGranted;
import com.credlink.ledger.event.RoleRevoked;
import com.credlink.ledger.event.ShopInstalled;
import com.credlink.ledger.event.ShopUninstalled;
import com.credlink.ledger.event.SignatureSuppressed;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningExpired;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRedriven;
import com.credlink.ledger.event.SigningRejected;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.event.TimestampAttached;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.event.TokenRevoked;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.credlink.ledger.projections.signing.SigningState.AwaitingApproval;
import com.credlink.ledger.projections.signing.SigningState.Requested;
import com.credlink.ledger.projections.signing.SigningState.Signed;
import com.credlink.ledger.projections.signing.SigningState.Timestamped;
import com.credlink.ledger.projections.signing.Transition.Outcome;
import java.util.List;
import java.util.Optional;

/** The life of a signing request as a fold: {@code (state, fact) -> state}, nothing else. */
public final class SigningFold {

  private SigningFold() {}

  /** The first state. */
  public static SigningState begin(SigningRequested event) {
    Course course = new Course(SigningRequest.of(event), event.header().recordedAt(), 0, List.of());
    return event.approvals() == 0
        ? new Requested(course.with(event, "REQUESTED", 0, ""))
        : new AwaitingApproval(course.with(event, "AWAITING_APPROVAL", 0, ""), List.of());
  }

  /**
   * The first state of a request that asks for what was made before.
   *
   * @param first the request that it was made for, signed
   */
  public static SigningState begin(SigningRequested event, SigningState first) {
    String made = first.sameAs().orElse(first.request().requestId());
    Course course =
        new Course(SigningRequest.of(event), event.header().recordedAt(), 0, List.of())
            .with(event, first.status(), 0, "same as " + made);
    Signed signed = new Signed(course, 0, first.result().orElseThrow(), Optional.of(made));
    return first instanceof Timestamped stamped
        ? new Timestamped(signed, stamped.tsa(), stamped.stampedAt(), stamped.timestampedSha256())
        : signed;
  }

  /** What {@code event} does to {@code state}; the event must be about the state's request. */
  public static Transition apply(SigningState state, LedgerEvent event) {
    if (state.course().knows(event.eventId())) {
      return Transition.ignored(state, Outcome.DUPLICATE);
    }
    return switch (event) {
      case SigningApproved e -> state.approved(e);
      case SigningQueued e -> state.queued(e);
      case SigningStarted e -> state.started(e);
      case SigningAttemptFailed e -> state.failed(e);
      case AssetSigned e -> state.signed(e);
      case TimestampAttached e -> state.timestamped(e);
      case SigningDeadLettered e -> state.deadLettered(e);
      case SigningRedriven e -> state.redriven(e);
      case SigningRejected e -> state.rejected(e);
      case SigningCancelled e -> state.cancelled(e);
      case SigningExpired e -> state.expired(e);
      default -> Transition.ignored(state, Outcome.ILLEGAL);
    };
  }

  /**
   * The request that a fact is about. Exhaustive without a default on purpose: a new type of fact
   * must say here whether it belongs to a request.
   */
  public static Optional<String> requestId(LedgerEvent event) {
    return switch (event) {
      case SigningRequested e -> Optional.of(e.requestId());
      case SigningRejected e -> Optional.of(e.requestId());
      case SigningApproved e -> Optional.of(e.requestId());
      case SigningQueued e -> Optional.of(e.requestId());
      case SigningStarted e -> Optional.of(e.requestId());
      case SigningAttemptFailed e -> Optional.of(e.requestId());
      case AssetSigned e -> Optional.of(e.requestId());
      case TimestampAttached e -> Optional.of(e.requestId());
      case SigningDeadLettered e -> Optional.of(e.requestId());
      case SigningCancelled e -> Optional.of(e.requestId());
      case SigningExpired e -> Optional.of(e.requestId());
      case SigningRedriven e -> Optional.of(e.requestId());
      case SignatureSuppressed e -> Optional.of(e.requestId());
      case ShopInstalled e -> Optional.empty();
      case ShopUninstalled e -> Optional.empty();
      case WebhookReceived e -> Optional.empty();
      case RefusalsCounted e -> Optional.empty();
      case WebhookReplaySuspected e -> Optional.empty();
      case GapDetected e -> Optional.empty();
      case GapFilled e -> Optional.empty();
      case AuthDecided e -> Optional.empty();
      case DecisionVoided e -> Optional.empty();
      case TokenCreated e -> Optional.empty();
      case TokenRevoked e -> Optional.empty();
      case RoleGranted e -> Optional.empty();
      case RoleRevoked e -> Optional.empty();
      case FactorEnrolled e -> Optional.empty();
      case AssetStored e -> Optional.empty();
      case AssetFetchFailed e -> Optional.empty();
      case KeyCreated e -> Optional.empty();
      case KeyCertified e -> Optional.empty();
      case KeyActivated e -> Optional.empty();
      case KeyRetired e -> Optional.empty();
      case KeyDestroyed e -> Optional.empty();
      case NodeStarted e -> Optional.empty();
      case NodeStopped e -> Optional.empty();
      case ConfigChanged e -> Optional.empty();
      case LogAccessed e -> Optional.empty();
      case LogVerified e -> Optional.empty();
      case LogSealed e -> Optional.empty();
      case AlertRaised e -> Optional.empty();
    };
  }
}
