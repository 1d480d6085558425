package com.credlink.ledger.keys;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Joins parts so that no two different lists of parts give the same bytes: each is preceded by its
 * length, 32 bits big-endian.
 */
public final class LengthPrefixed {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

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
    out.write(part.length >>> 24);
    out.write(part.length >>> 16);
    out.write(part.length >>> 8);
    out.write(part.length);
    out.writeBytes(part);
    return this;
  }

  /** What was added. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
