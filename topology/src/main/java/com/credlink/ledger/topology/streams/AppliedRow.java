package com.credlink.ledger.topology.streams;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.kafka.streams.state.KeyValueStore;

/** The one row of the store {@link Stores#APPLIED}: the last offset of which all stores know. */
public final class AppliedRow {

  private static final byte[] KEY = {0};

  private AppliedRow() {}

  /** The offset; empty before the first record. */
  public static OptionalLong read(KeyValueStore<byte[], byte[]> store) {
    byte[] value = store.get(KEY);
    return value == null ? OptionalLong.empty() : OptionalLong.of(ByteBuffer.wrap(value).getLong());
  }

  /** Writes the offset. */
  public static void write(KeyValueStore<byte[], byte[]> store, long offset) {
    store.put(KEY, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }
}
