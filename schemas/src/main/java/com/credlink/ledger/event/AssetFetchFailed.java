package com.credlink.ledger.event;

import java.time.Instant;
import java.util.Optional;

/**
 * An image that a webhook named could not be fetched.
 *
 * @param header common header.
 * @param origin what was to be fetched.
 * @param attempt which attempt, from 1.
 * @param errorClass class in a fixed vocabulary, such as {@code http_status} or {@code
 *     private_address}.
 * @param reason one sentence, without personal data.
 * @param retryable whether another attempt may help.
 * @param dueAt when the next attempt is due, jitter included.
 */
public record AssetFetchFailed(
    EventHeader header,
    ImageOrigin origin,
    int attempt,
    String errorClass,
    String reason,
    boolean retryable,
    Optional<Instant> dueAt)
    implements LedgerEvent {}
