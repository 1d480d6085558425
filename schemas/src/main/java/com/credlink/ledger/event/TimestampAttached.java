package com.credlink.ledger.event;

import java.time.Instant;

/**
 * A time-stamp was put into the signed file.
 *
 * @param header common header.
 * @param requestId the request.
 * @param tsa the authority.
 * @param stampedAt the time that it states.
 * @param timestampedSha256 SHA-256 of the file with the time-stamp, hex.
 */
public record TimestampAttached(
    EventHeader header, String requestId, String tsa, Instant stampedAt, String timestampedSha256)
    implements LedgerEvent {}
