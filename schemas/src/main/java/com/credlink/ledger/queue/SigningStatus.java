package com.credlink.ledger.queue;

import com.credlink.ledger.event.Lane;
import java.time.Instant;
import java.util.Optional;

/**
 * Latest state of a signing request: the value of the public topic {@code signing.status}.
 *
 * @param tenant tenant.
 * @param requestId the request.
 * @param status state, such as {@code SIGNED}.
 * @param attempt current attempt; 0 before the first.
 * @param nextAttemptAt when the next attempt is due.
 * @param lane lane.
 * @param digest SHA-256 to sign, hex.
 * @param createdAt when it was requested.
 * @param updatedAt when it last changed.
 * @param eventId the fact that changed it last.
 * @param partition partition of that fact in {@code ledger.events}.
 * @param offset offset of that fact in {@code ledger.events}.
 */
public record SigningStatus(
    String tenant,
    String requestId,
    String status,
    int attempt,
    Optional<Instant> nextAttemptAt,
    Lane lane,
    String digest,
    Instant createdAt,
    Instant updatedAt,
    String eventId,
    int partition,
    long offset) {}
