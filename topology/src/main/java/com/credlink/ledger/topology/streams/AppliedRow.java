package com.credlink.ledger.topology.streams;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The one row of the table {@link Table.Kind#APPLIED}: the last offset of which all know. */
public final class AppliedRow {

  private static final byte[] KEY = {0};

  private AppliedRow() {}

  /** The offset; empty before the first record. */
  public static OptionalLong read(Table table) {
    byte[] value = table.get(KEY);
    return value == null ? OptionalLong.empty() : OptionalLong.of(ByteBuffer.wrap(value).getLong());
  }

  /** Writes the offset. */
  public static void write(Table table, long offset) {
    table.put(KEY, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }
}
