package com.credlink.ledger.event;

/**
 * A later signature for a request that already had one; it does not count.
 *
 * @param header common header.
 * @param requestId the request.
 * @param signedEventId the AssetSigned that came too late.
 */
public record SignatureSuppressed(EventHeader header, String requestId, String signedEventId)
    implements LedgerEvent {}
