package com.credlink.ledger.event;

/**
 * Records were read in bulk.
 *
 * @param header common header.
 * @param access what was read, such as {@code stream} or {@code replay}.
 * @param records how many records.
 */
public record LogAccessed(EventHeader header, String access, long records) implements LedgerEvent {}
