package com.credlink.ledger.keys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Joins parts so that no two different lists of parts give the same bytes: each is preceded by its
 * length, 32 bits big-endian.
 */
public final class LengthPrefixed {

  private static final int USUAL_BYTES = 256;

  /** Not a stream, whose lock at each byte is half of what joining costs. */
  private byte[] joined = new byte[USUAL_BYTES];

  private int length;

  /** Joins texts, in UTF-8. */
  public static byte[] of(String... parts) {
    LengthPrefixed joined = new LengthPrefixed();
    for (String part : parts) {
      joined.add(part);
    }
    return joined.toByteArray();
  }

  /** Adds a text, in UTF-8. */
  public LengthPrefixed add(String part) {
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes. */
  public LengthPrefixed add(byte[] part) {
    room(Integer.BYTES + part.length);
    joined[length++] = (byte) (part.length >>> 24);
    joined[length++] = (byte) (part.length >>> 16);
    joined[length++] = (byte) (part.length >>> 8);
    joined[length++] = (byte) part.length;
    return copy(part);
  }

  /** Adds all that was added to {@code others}, as if it had been added here. */
  public LengthPrefixed addAll(LengthPrefixed others) {
    byte[] parts = others.toByteArray();
    room(parts.length);
    return copy(parts);
  }

  /** What was added. */
  public byte[] toByteArray() {
    return Arrays.copyOf(joined, length);
  }

  private LengthPrefixed copy(byte[] bytes) {
    System.arraycopy(bytes, 0, joined, length, bytes.length);
    length += bytes.length;
    return this;
  }

  private void room(int more) {
    int needed = Math.addExact(length, more);
    if (needed > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(needed, 2 * joined.length));
    }
  }
}
