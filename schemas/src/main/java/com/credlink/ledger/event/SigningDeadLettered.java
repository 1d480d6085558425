package com.credlink.ledger.event;

/**
 * The request will not be tried again by itself.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the last attempt.
 * @param errorClass class: a permanent error's, {@code budget_spent} or {@code poison}.
 * @param reason one sentence, without personal data.
 */
public record SigningDeadLettered(
    EventHeader header, String requestId, int attempt, String errorClass, String reason)
    implements LedgerEvent {}
