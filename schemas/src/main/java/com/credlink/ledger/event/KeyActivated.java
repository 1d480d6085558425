package com.credlink.ledger.event;

/**
 * New requests are signed with this key from now on.
 *
 * @param header common header.
 * @param keyId the key.
 */
public record KeyActivated(EventHeader header, String keyId) implements LedgerEvent {}
