package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.Bytes;
import java.time.Instant;
import java.util.Optional;

/**
 * One fact in the trail: its bytes as they are in the log, and what the folds found out about it.
 *
 * @param partition partition in {@code ledger.events}
 * @param offset offset in {@code ledger.events}
 * @param type type, such as {@code AssetSigned}; empty for one that this version does not know
 * @param eventId event id; empty for an unknown type
 * @param tenant tenant; empty for an unknown type
 * @param recordedAt when the ledger took it
 * @param duplicateOf the first event of which this is a duplicate
 * @param sameBodyAs the first delivery with the same body under another webhook id
 * @param value the record's value, exactly
 */
public record StoredTrailRow(
    int partition,
    long offset,
    String type,
    String eventId,
    String tenant,
    Instant recordedAt,
    Optional<String> duplicateOf,
    Optional<String> sameBodyAs,
    Bytes value) {}
