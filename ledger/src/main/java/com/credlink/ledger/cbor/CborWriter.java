package com.credlink.ledger.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes core deterministic CBOR (RFC 8949 section 4.2.1): shortest heads, definite lengths. Who
 * writes a map gives its keys in the order of their encodings.
 */
public final class CborWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes an integer. */
  public CborWriter integer(long value) {
    return value >= 0 ? head(Cbor.UNSIGNED, value) : head(Cbor.NEGATIVE, -1 - value);
  }

  /** Writes a byte string. */
  public CborWriter bytes(byte[] value) {
    head(Cbor.BYTES, value.length);
    out.writeBytes(value);
    return this;
  }

  /** Writes a text string. */
  public CborWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(Cbor.TEXT, utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  /** Begins an array; its {@code size} elements follow. */
  public CborWriter array(int size) {
    return head(Cbor.ARRAY, size);
  }

  /** Begins a map; its {@code size} pairs follow. */
  public CborWriter map(int size) {
    return head(Cbor.MAP, size);
  }

  /** Begins a tagged item; the item follows. */
  public CborWriter tag(long tag) {
    return head(Cbor.TAG, tag);
  }

  /** Writes null. */
  public CborWriter nil() {
    out.write(Cbor.NIL);
    return this;
  }

  /** What was written. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  CborWriter raw(byte[] encoded) {
    out.writeBytes(encoded);
    return this;
  }

  private CborWriter head(int major, long argument) {
    int type = major << 5;
    if (argument < Cbor.ONE_BYTE) {
      out.write(type | (int) argument);
    } else if (argument <= 0xFF) {
      bigEndian(type | Cbor.ONE_BYTE, argument, 1);
    } else if (argument <= 0xFFFF) {
      bigEndian(type | Cbor.TWO_BYTES, argument, 2);
    } else if (argument <= 0xFFFF_FFFFL) {
      bigEndian(type | Cbor.FOUR_BYTES, argument, 4);
    } else {
      bigEndian(type | Cbor.EIGHT_BYTES, argument, 8);
    }
    return this;
  }

  private void bigEndian(int first, long argument, int length) {
    out.write(first);
    for (int i = length - 1; i >= 0; i--) {
      out.write((int) (argument >>> (8 * i)));
    }
  }
}
