package com.credlink.ledger.event;

import java.time.Instant;
import java.util.Optional;

/**
 * An attempt ended without a signature.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the attempt.
 * @param errorClass class in the table of errors.
 * @param reason one sentence, without personal data.
 * @param retryable whether another attempt may help.
 * @param dueAt when the next attempt is due, jitter included; null when not retryable.
 */
public record SigningAttemptFailed(
    EventHeader header,
    String requestId,
    int attempt,
    String errorClass,
    String reason,
    boolean retryable,
    Optional<Instant> dueAt)
    implements LedgerEvent {}
