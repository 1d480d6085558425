package com.credlink.ledger.event;

/**
 * The request's own time limit passed before it was signed.
 *
 * @param header common header.
 * @param requestId the request.
 */
public record SigningExpired(EventHeader header, String requestId) implements LedgerEvent {}
