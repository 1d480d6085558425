package com.credlink.ledger.event;

/**
 * A node went down cleanly.
 *
 * @param header common header.
 * @param node node id.
 */
public record NodeStopped(EventHeader header, String node) implements LedgerEvent {}
