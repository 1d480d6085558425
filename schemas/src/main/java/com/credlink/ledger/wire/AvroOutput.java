package com.credlink.ledger.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;

/**
 * Avro's binary encoding into one growing array. Made for each record: cheaper than Avro's own
 * encoder with its two buffers, and no state is shared between threads.
 */
final class AvroOutput {

  private static final int INITIAL_CAPACITY = 512;
  private static final int LONGEST_VARINT = 10;

  private byte[] buffer;
  private int size;

  /** Begins after {@code prefix} bytes, which the caller fills in. */
  AvroOutput(int prefix) {
    buffer = new byte[prefix + INITIAL_CAPACITY];
    size = prefix;
  }

  void writeBoolean(boolean value) {
    ensure(1);
    buffer[size++] = (byte) (value ? 1 : 0);
  }

  void writeLong(long value) {
    ensure(LONGEST_VARINT);
    size += BinaryData.encodeLong(value, buffer, size);
  }

  void writeDouble(double value) {
    ensure(Double.BYTES);
    size += BinaryData.encodeDouble(value, buffer, size);
  }

  void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void writeBytes(byte[] value) {
    writeLong(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  void writeBytes(ByteBuffer value) {
    int length = value.remaining();
    writeLong(length);
    ensure(length);
    value.get(buffer, size, length);
    size += length;
  }

  byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      int needed = Math.addExact(size, more);
      buffer =
          Arrays.copyOf(
              buffer, Math.max(needed, Math.clamp(buffer.length * 2L, 0, Integer.MAX_VALUE - 8)));
    }
  }
}
