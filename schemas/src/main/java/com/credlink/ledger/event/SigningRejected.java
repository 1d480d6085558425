package com.credlink.ledger.event;

/**
 * A request was refused by policy or by an approver, after it was recorded.
 *
 * @param header common header.
 * @param requestId the request.
 * @param reason why.
 */
public record SigningRejected(EventHeader header, String requestId, String reason)
    implements LedgerEvent {}
