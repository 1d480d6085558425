package com.credlink.ledger.event;

/**
 * An operator sent a dead-lettered request into a new series of attempts.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the attempt that it continues with.
 */
public record SigningRedriven(EventHeader header, String requestId, int attempt)
    implements LedgerEvent {}
