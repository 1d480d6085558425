package com.credlink.ledger.queue;

import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.SignatureFormat;
import java.time.Instant;
import java.util.List;

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
    String causationId)
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
