package com.credlink.ledger.merkle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The entries of a tile: each preceded by its length in two bytes, big-endian (tlog-tiles). */
public final class EntryBundle {

  /** What two bytes can count. */
  public static final int MAX_ENTRY_LENGTH = 0xFFFF;

  private static final int PREFIX = 2;

  private EntryBundle() {}

  /**
   * Writes a bundle.
   *
   * @throws IllegalArgumentException when there is none or more than 256 entries, or one is longer
   *     than {@link #MAX_ENTRY_LENGTH}.
   */
  public static byte[] format(List<byte[]> entries) {
    if (entries.isEmpty() || entries.size() > Tile.FULL) {
      throw new IllegalArgumentException(
          "a bundle has 1 to %d entries, not %d".formatted(Tile.FULL, entries.size()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      if (entry.length > MAX_ENTRY_LENGTH) {
        throw new IllegalArgumentException(
            "an entry has %d bytes at most, not %d".formatted(MAX_ENTRY_LENGTH, entry.length));
      }
      out.write(entry.length >>> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /**
   * Reads a bundle of {@code width} entries.
   *
   * @throws MerkleFormatException when it is cut off, or holds fewer or more.
   */
  public static List<byte[]> parse(byte[] bundle, int width) {
    List<byte[]> entries = new ArrayList<>(Math.min(width, Tile.FULL));
    int at = 0;
    while (at < bundle.length) {
      if (entries.size() == width) {
        throw new MerkleFormatException("bundle", "more than %d entries".formatted(width));
      }
      int from = at + PREFIX;
      int length = from > bundle.length ? 0 : (bundle[at] & 0xFF) << 8 | (bundle[at + 1] & 0xFF);
      if (length > bundle.length - from) {
        throw new MerkleFormatException("bundle", "cut off in entry %d".formatted(entries.size()));
      }
      at = from + length;
      entries.add(Arrays.copyOfRange(bundle, from, at));
    }
    if (entries.size() != width) {
      throw new MerkleFormatException(
          "bundle", "%d entries, not %d".formatted(entries.size(), width));
    }
    return List.copyOf(entries);
  }
}
