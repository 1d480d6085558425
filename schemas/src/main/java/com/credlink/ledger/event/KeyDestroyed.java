package com.credlink.ledger.event;

/**
 * The private key is gone.
 *
 * @param header common header.
 * @param keyId the key.
 * @param reason why.
 */
public record KeyDestroyed(EventHeader header, String keyId, String reason)
    implements LedgerEvent {}
