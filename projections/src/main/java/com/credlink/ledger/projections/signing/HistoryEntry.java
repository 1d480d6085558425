package com.credlink.ledger.projections.signing;

import java.time.Instant;

/**
 * One accepted fact in the life of a request.
 *
 * @param status state after it
 * @param at when the ledger took it
 * @param eventId its id
 * @param type its type
 * @param attempt attempt that it belongs to; 0 before the first
 * @param detail what else it says; may be empty
 */
public record HistoryEntry(
    String status, Instant at, String eventId, String type, int attempt, String detail) {}
