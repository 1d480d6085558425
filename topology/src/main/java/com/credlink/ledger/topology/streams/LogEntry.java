package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.Position;

/**
 * One record of the log, decoded once for all who fold it.
 *
 * @param position where it stands
 * @param key its key, not to be changed
 * @param timestamp the record's timestamp, milliseconds since 1970
 * @param value its value
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record LogEntry(Position position, byte[] key, long timestamp, LogValue value) {}
