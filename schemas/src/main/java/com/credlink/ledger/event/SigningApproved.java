package com.credlink.ledger.event;

/**
 * An approver's word on a request that awaits approval; bound to the digest.
 *
 * @param header common header; the actor is the approver.
 * @param requestId the request.
 * @param digest the digest approved, hex.
 * @param decision the word.
 */
public record SigningApproved(
    EventHeader header, String requestId, String digest, ApprovalDecision decision)
    implements LedgerEvent {}
