package com.credlink.ledger.event;

/**
 * An API credential was revoked.
 *
 * @param header common header.
 * @param tokenId public id of the token.
 * @param reason why.
 */
public record TokenRevoked(EventHeader header, String tokenId, String reason)
    implements LedgerEvent {}
