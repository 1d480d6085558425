package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.Position;

/**
 * One record of the log, decoded once for all who fold it.
 *
 * @param position where it stands
 * @param timestamp the record's timestamp, milliseconds since 1970
 * @param value its value
 */
public record LogEntry(Position position, long timestamp, LogValue value) {}
