package com.credlink.ledger.queue;

import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.SignatureFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Sign a digest.
 *
 * @param tenant tenant.
 * @param requestId the request.
 * @param attempt which attempt, from 1.
 * @param digest SHA-256 to sign, hex.
 * @param formats what to make.
 * @param keys the keys that the request fixed.
 * @param requestedAt when the request was made; the retry budget counts from here.
 * @param correlationId correlation id of the cause.
 * @param causationId the fact that queued it.
 * @param manifestId id of the manifest that is made for it.
 * @param instanceId instance id of the file that is made for it.
 * @param claimedAt claimed signing time.
 * @param remoteManifest whether its manifest may be served publicly.
 * @param requestedEventId the fact that asked for it; the title is sealed for this one.
 * @param title the merchant's title, if any.
 */
public record SignJob(
    String tenant,
    String requestId,
    int attempt,
    String digest,
    List<SignatureFormat> formats,
    List<KeyVersion> keys,
    Instant requestedAt,
    String correlationId,
    String causationId,
    String manifestId,
    String instanceId,
    Instant claimedAt,
    boolean remoteManifest,
    String requestedEventId,
    Optional<Sealed> title)
    implements Job {
  public SignJob {
    formats = List.copyOf(formats);
    keys = List.copyOf(keys);
  }

  @Override
  public String name() {
    return String.join("/", "sign", tenant, requestId, Integer.toString(attempt));
  }
}
