package com.credlink.ledger.topology.audit;

import com.credlink.ledger.topology.streams.LogEntry;

/**
 * A record of the log that is in the trail.
 *
 * @param entry the record
 * @param repeated whether a record before it had the same event id
 */
public record Filed(LogEntry entry, boolean repeated) {}
