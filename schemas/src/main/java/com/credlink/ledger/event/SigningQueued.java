package com.credlink.ledger.event;

/**
 * The request may be signed now: first admission, or a retry that has become due.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the attempt that it is queued for, from 1.
 */
public record SigningQueued(EventHeader header, String requestId, int attempt)
    implements LedgerEvent {}
