package com.credlink.ledger.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A signature is asked for. Fixes the digest and every random input, so that a repeat is
 * bit-identical.
 *
 * @param header common header.
 * @param requestId UUID of the request.
 * @param digest SHA-256 to be signed, hex.
 * @param assetStored whether the bytes are in the asset store; false for a detached signature over
 *     a digest alone.
 * @param formats what to make.
 * @param lane which lane it queues in.
 * @param title the merchant's title, if any.
 * @param expiresAt not to be signed after this.
 * @param remoteManifest whether a manifest may be served publicly.
 * @param idempotencyKeyHash keyed hash of the caller's Idempotency-Key.
 * @param requestHash SHA-256 over the canonical request: same key and other request is a conflict.
 * @param manifestId manifest id, fixed here.
 * @param instanceId instance id, fixed here.
 * @param claimedAt claimed signing time, fixed here.
 * @param keys the keys to sign with, fixed here.
 * @param origin set when a webhook named the image.
 * @param approvals how many operators must approve before it is queued.
 * @param timestamp whether the signed file is to have a time-stamp.
 * @param titleHash keyed hash of the title: equal titles are found without opening them.
 * @param pendingLimit requests of the tenant that may be open at once, by the policy of that
 *     moment; 0 where none was stated.
 */
public record SigningRequested(
    EventHeader header,
    String requestId,
    String digest,
    boolean assetStored,
    List<SignatureFormat> formats,
    Lane lane,
    Optional<Sealed> title,
    Optional<Instant> expiresAt,
    boolean remoteManifest,
    Optional<Bytes> idempotencyKeyHash,
    Bytes requestHash,
    String manifestId,
    String instanceId,
    Instant claimedAt,
    List<KeyVersion> keys,
    Optional<ImageOrigin> origin,
    int approvals,
    boolean timestamp,
    Optional<Bytes> titleHash,
    int pendingLimit)
    implements LedgerEvent {
  public SigningRequested {
    formats = List.copyOf(formats);
    keys = List.copyOf(keys);
  }
}
