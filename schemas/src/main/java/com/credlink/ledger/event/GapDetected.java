package com.credlink.ledger.event;

import java.time.Instant;

/**
 * A reconciliation found that Shopify knows of changes that were never delivered.
 *
 * @param header common header.
 * @param topic topic that is missing deliveries.
 * @param from start of the gap.
 * @param to end of the gap.
 */
public record GapDetected(EventHeader header, String topic, Instant from, Instant to)
    implements LedgerEvent {}
