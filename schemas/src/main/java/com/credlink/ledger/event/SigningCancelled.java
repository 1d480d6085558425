package com.credlink.ledger.event;

/**
 * The request was cancelled before it was signed.
 *
 * @param header common header.
 * @param requestId the request.
 * @param reason why.
 */
public record SigningCancelled(EventHeader header, String requestId, String reason)
    implements LedgerEvent {}
