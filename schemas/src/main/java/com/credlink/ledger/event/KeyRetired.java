package com.credlink.ledger.event;

/**
 * The key signs no more; what it signed stays valid.
 *
 * @param header common header.
 * @param keyId the key.
 * @param reason why.
 */
public record KeyRetired(EventHeader header, String keyId, String reason) implements LedgerEvent {}
