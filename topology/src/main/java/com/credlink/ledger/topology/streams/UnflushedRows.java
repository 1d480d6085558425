package com.credlink.ledger.topology.streams;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;

/**
 * Rows of one task's store that its cache holds and its database does not: what a reader must see
 * that asks the database alone. Written by the task's thread, read by any.
 *
 * <p>A row is entered before the cache has it and leaves after the database has it, so a reader
 * that looks here first and there second misses nothing.
 */
final class UnflushedRows {

  private final Map<Bytes, Optional<byte[]>> rows = new ConcurrentHashMap<>();

  /** A row is about to be written to the cache; null removes it. */
  void entered(Bytes key, byte[] value) {
    rows.put(key, Optional.ofNullable(value));
  }

  /** The database has the newest value of {@code key}. */
  void flushed(Bytes key) {
    rows.remove(key);
  }

  /** The task begins anew: what was not flushed will be folded again. */
  void clear() {
    rows.clear();
  }

  /**
   * What stands here of {@code key}: null when nothing does, and the database is to be asked; empty
   * when the row is removed.
   */
  Optional<byte[]> of(Bytes key) {
    return rows.get(key);
  }

  /** All that stand here, by key; to be asked by the thread that writes them. */
  NavigableMap<Bytes, Optional<byte[]>> copy() {
    return new TreeMap<>(rows);
  }

  /** How many rows wait. */
  int size() {
    return rows.size();
  }
}
