package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where wrapped keys live: the newest record by key, in the order in which they were written. Holds
 * nothing in clear. Safe for use by many threads at once.
 */
public interface WrappedKeyStore extends AutoCloseable {

  /**
   * A record, or its tombstone.
   *
   * @param key {@code <tenant>/<subject>/<key id>} or {@code <tenant>/directory}.
   * @param value empty for a tombstone.
   */
  record Entry(String key, Optional<Bytes> value) {}

  /**
   * Shows {@code reader} the newest record of every key before it returns, and then every new
   * record and tombstone, in order, from any thread but one at a time. A reader must be quick and
   * must not write to the store.
   */
  void follow(Consumer<Entry> reader);

  /**
   * Writes a record. When this returns, the record is durable and every reader has seen it.
   *
   * @throws VaultException.Unavailable when that is not so in time; the record may still appear.
   */
  void put(String key, Bytes value);

  /**
   * Hides a record, as durably as {@link #put}. The bytes are gone only with the epoch key that
   * wraps them.
   *
   * @throws VaultException.Unavailable as {@link #put}.
   */
  void tombstone(String key);

  @Override
  void close();
}
