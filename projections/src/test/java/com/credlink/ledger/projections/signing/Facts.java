package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.SignatureFormat;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Facts about one request, each with an id of its own and recorded one second after the one before.
 */
final class Facts {

  static final String TENANT = "mfrggzdfmztwq2lknnwg23tpoa";
  static final String REQUEST = "0195a1b2-0000-7000-8000-000000000001";
  static final String DIGEST = "ab".repeat(32);
  static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00.123456Z");

  /** Who asks, and writes all that is not said to be another's. */
  static final String REQUESTER = "requester";

  /** From a failure to the retry that it schedules. */
  static final Duration WAIT = Duration.ofSeconds(30);

  private static final ImageOrigin ORIGIN =
      new ImageOrigin("delivery-1", "850703190", "https://cdn.example/a.png");

  private int count;

  SigningRequested requested() {
    return requested(Optional.empty());
  }

  SigningRequested requested(Optional<Instant> expiresAt) {
    return requested(expiresAt, 0);
  }

  /** A request that {@code approvals} operators must approve. */
  SigningRequested requested(Optional<Instant> expiresAt, int approvals) {
    return new SigningRequested(
        header(),
        REQUEST,
        DIGEST,
        true,
        List.of(SignatureFormat.COSE, SignatureFormat.JWS),
        Lane.BULK,
        Optional.empty(),
        expiresAt,
        false,
        Optional.empty(),
        Bytes.EMPTY,
        "manifest",
        "instance",
        BEGIN,
        List.of(new KeyVersion("k1", SignatureAlgorithm.ES256)),
        Optional.of(ORIGIN),
        approvals,
        false,
        Optional.empty(),
        0);
  }

  SigningQueued queued(int attempt) {
    return new SigningQueued(header(), REQUEST, attempt);
  }

  SigningStarted started(int attempt) {
    return new SigningStarted(header(), REQUEST, attempt, "worker-" + attempt);
  }

  /** A failure after which another attempt is due in {@link #WAIT}. */
  SigningAttemptFailed failed(int attempt) {
    EventHeader header = header();
    return failed(header, attempt, true, Optional.of(header.recordedAt().plus(WAIT)));
  }

  SigningAttemptFailed failed(int attempt, Instant dueAt) {
    return failed(header(), attempt, true, Optional.of(dueAt));
  }

  SigningAttemptFailed failedForGood(int attempt) {
    return failed(header(), attempt, false, Optional.empty());
  }

  /** Says that another attempt may help, but not when. */
  SigningAttemptFailed failedWithoutDueTime(int attempt) {
    return failed(header(), attempt, true, Optional.empty());
  }

  /** Says when another attempt would be due, but that it would not help. */
  SigningAttemptFailed failedForGoodWithDueTime(int attempt) {
    EventHeader header = header();
    return failed(header, attempt, false, Optional.of(header.recordedAt().plus(WAIT)));
  }

  private static SigningAttemptFailed failed(
      EventHeader header, int attempt, boolean retryable, Optional<Instant> dueAt) {
    return new SigningAttemptFailed(
        header, REQUEST, attempt, "class-" + attempt, "Reason " + attempt + ".", retryable, dueAt);
  }

  AssetSigned signed(int attempt) {
    return signed(attempt, DIGEST, List.of(signature()));
  }

  AssetSigned signedOtherDigest(int attempt) {
    return signed(attempt, "cd".repeat(32), List.of(signature()));
  }

  AssetSigned signedWithoutSignature(int attempt) {
    return signed(attempt, DIGEST, List.of());
  }

  private AssetSigned signed(int attempt, String digest, List<Signature> signatures) {
    return new AssetSigned(
        header(),
        REQUEST,
        attempt,
        digest,
        signatures,
        Optional.of("file-" + count),
        Optional.of("store-" + count));
  }

  /** Differs from one call to the next, so that it shows which one counts. */
  private Signature signature() {
    return new Signature(
        SignatureFormat.COSE,
        SignatureAlgorithm.ES256,
        "k1",
        Bytes.wrap(Integer.toString(count).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  TimestampAttached timestamped() {
    return new TimestampAttached(header(), REQUEST, "tsa-" + count, BEGIN, "ef".repeat(32));
  }

  SigningDeadLettered deadLettered(int attempt) {
    return new SigningDeadLettered(header(), REQUEST, attempt, "poison", "Enough " + attempt + ".");
  }

  SigningRedriven redriven(int attempt) {
    return new SigningRedriven(header(), REQUEST, attempt);
  }

  SigningRejected rejected() {
    return new SigningRejected(header(), REQUEST, "Policy.");
  }

  SigningCancelled cancelled() {
    return new SigningCancelled(header(), REQUEST, "Asked for.");
  }

  SigningExpired expired() {
    return new SigningExpired(header(), REQUEST);
  }

  SigningApproved approved(String operator) {
    return approved(operator, DIGEST, ApprovalDecision.APPROVE);
  }

  SigningApproved approved(String operator, String digest, ApprovalDecision decision) {
    return new SigningApproved(header(operator), REQUEST, digest, decision);
  }

  SignatureSuppressed suppressed() {
    return new SignatureSuppressed(header(), REQUEST, "other");
  }

  /** A fact that is about no request. */
  NodeStarted unrelated() {
    return new NodeStarted(header(), "node-1", "0.1.0", List.of("api"), "process");
  }

  EventHeader header() {
    return header(REQUESTER);
  }

  private EventHeader header(String actor) {
    count++;
    Instant recordedAt = BEGIN.plusSeconds(count);
    return new EventHeader(
        "event-" + count,
        TENANT,
        BEGIN,
        recordedAt,
        new Actor(ActorType.SYSTEM, actor),
        "test",
        "correlation",
        Optional.empty(),
        Optional.empty());
  }
}
