package com.credlink.ledger.wire;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** The Confluent wire format: a zero byte, the schema id as four bytes big-endian, Avro binary. */
public final class WireFormat {

  /** The first byte of every value. */
  public static final byte MAGIC = 0;

  /** Bytes before the Avro binary. */
  public static final int PREFIX = 1 + Integer.BYTES;

  private WireFormat() {}

  /** The schema id of a value; empty if it is not in the wire format. */
  public static OptionalInt schemaId(byte[] value) {
    return value.length < PREFIX || value[0] != MAGIC
        ? OptionalInt.empty()
        : OptionalInt.of(ByteBuffer.wrap(value).getInt(1));
  }

  /**
   * The schema id of a value.
   *
   * @throws WireException.NotWireFormat if it is not in the wire format.
   */
  public static int requireSchemaId(byte[] value) {
    return schemaId(value)
        .orElseThrow(
            () ->
                new WireException.NotWireFormat(
                    value.length < PREFIX
                        ? "a value has "
                            + value.length
                            + " bytes, less than the "
                            + PREFIX
                            + " of its prefix"
                        : "a value begins with the byte " + value[0] + " instead of " + MAGIC));
  }

  /** Writes the prefix into the first bytes of {@code value}. */
  static byte[] stamp(byte[] value, int schemaId) {
    ByteBuffer.wrap(value).put(MAGIC).putInt(schemaId);
    return value;
  }
}
