package com.credlink.ledger.event;

/**
 * A signer is about to touch a key. Durable before it does.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the attempt.
 * @param worker the worker.
 */
public record SigningStarted(EventHeader header, String requestId, int attempt, String worker)
    implements LedgerEvent {}
