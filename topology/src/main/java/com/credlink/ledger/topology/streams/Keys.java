package com.credlink.ledger.topology.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Store keys: text parts ended by a zero byte, numbers as eight big-endian bytes, so that the byte
 * order of keys is the order of their parts. Every key that belongs to a tenant begins with the
 * tenant.
 */
public final class Keys {

  private Keys() {}

  /** A key of text parts, each ended by a zero byte. */
  public static byte[] of(String... parts) {
    return bytes(String.join("\0", parts) + '\0');
  }

  /** A key of text parts followed by a number. */
  public static byte[] of(long number, String... parts) {
    byte[] prefix = of(parts);
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  /** A number followed by text parts. */
  public static byte[] ordered(long number, String... parts) {
    byte[] suffix = of(parts);
    return ByteBuffer.allocate(Long.BYTES + suffix.length).putLong(number).put(suffix).array();
  }

  /** The number that a key of {@link #ordered} begins with. */
  public static long leadingNumber(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** The number that a key of {@link #of(long, String...)} ends with. */
  public static long trailingNumber(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  /** The text part at {@code index}, from 0, of a key that consists of them. */
  public static String part(byte[] key, int index) {
    return new String(key, StandardCharsets.UTF_8).split("\0", -1)[index];
  }

  /** The greatest key that begins with {@code prefix}, for inclusive ranges. */
  public static byte[] last(byte[] prefix) {
    byte[] last = Arrays.copyOf(prefix, prefix.length + 16);
    Arrays.fill(last, prefix.length, last.length, (byte) 0xff);
    return last;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
