package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningRequested;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a request fixed for ever.
 *
 * @param requestId UUID of the request
 * @param tenant tenant
 * @param digest SHA-256 to sign, hex
 * @param assetStored whether the bytes are in the asset store
 * @param formats what to make
 * @param lane which lane it queues in
 * @param expiresAt not to be signed after this
 * @param keys the keys to sign with
 * @param origin set when a webhook named the image
 * @param createdAt when the ledger took it
 * @param correlationId correlation id
 * @param manifestId manifest id
 * @param instanceId instance id
 * @param claimedAt claimed signing time
 * @param remoteManifest whether a manifest may be served publicly
 * @param title the merchant's title, if any
 * @param titleHash keyed hash of the title
 * @param approvals how many operators must approve it
 * @param timestamp whether the signed file is to have a time-stamp
 * @param requestedBy pseudonym of who asked for it
 */
public record SigningRequest(
    String requestId,
    String tenant,
    String digest,
    boolean assetStored,
    List<SignatureFormat> formats,
    Lane lane,
    Optional<Instant> expiresAt,
    List<KeyVersion> keys,
    Optional<ImageOrigin> origin,
    Instant createdAt,
    String correlationId,
    String manifestId,
    String instanceId,
    Instant claimedAt,
    boolean remoteManifest,
    Optional<Sealed> title,
    Optional<Bytes> titleHash,
    int approvals,
    boolean timestamp,
    String requestedBy) {

  public SigningRequest {
    formats = List.copyOf(formats);
    keys = List.copyOf(keys);
  }

  /** What {@code event} fixed. */
  public static SigningRequest of(SigningRequested event) {
    return new SigningRequest(
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
        event.header().actor().id());
  }
}
