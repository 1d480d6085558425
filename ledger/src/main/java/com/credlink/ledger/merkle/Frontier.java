package com.credlink.ledger.merkle;

import java.nio.ByteBuffer;

/**
 * The right edge of a growing tree: its size and the roots of the perfect subtrees that it consists
 * of, one for each bit set in the size. With it, appending and the root need nothing else (RFC 6962
 * section 2.1).
 *
 * <p>Appending allocates nothing. For one thread.
 */
public final class Frontier {

  /** Sizes are positive longs, so no subtree is higher. */
  private static final int HEIGHTS = Long.SIZE - 1;

  private final TreeHasher hasher = new TreeHasher();

  /**
   * At {@code height * 32} the root of the newest subtree of that height. It belongs to the edge
   * where the size has that bit; elsewhere it is what was merged last, which {@link #newest} needs.
   */
  private final byte[] edge = new byte[HEIGHTS * Hash.LENGTH];

  /** The subtree on its way up, and room for the one above it. */
  private byte[] carry = new byte[Hash.LENGTH];

  private byte[] parent = new byte[Hash.LENGTH];

  private long size;

  /** The tree without leaves. */
  public Frontier() {}

  /** How many leaves. */
  public long size() {
    return size;
  }

  /**
   * Adds the leaf whose hash is given.
   *
   * @throws IllegalStateException when the tree has as many leaves as a long can count.
   */
  public void append(Hash leaf) {
    leaf.copyTo(slotForNext(), 0);
    merge();
  }

  /** As {@link #append(Hash)}, with the hash in {@code bytes} from {@code offset}. */
  public void append(byte[] bytes, int offset) {
    System.arraycopy(bytes, offset, slotForNext(), 0, Hash.LENGTH);
    merge();
  }

  /** Adds the leaf with this content. */
  public void appendEntry(byte[] entry) {
    hasher.leaf(entry, 0, entry.length, slotForNext(), 0);
    merge();
  }

  /** The root over all leaves. */
  public Hash root() {
    if (size == 0) {
      return Hash.EMPTY_ROOT;
    }
    int height = Long.numberOfTrailingZeros(size);
    byte[] root = new byte[Hash.LENGTH];
    System.arraycopy(edge, height * Hash.LENGTH, root, 0, Hash.LENGTH);
    for (long rest = size & (size - 1); rest != 0; rest &= rest - 1) {
      int left = Long.numberOfTrailingZeros(rest) * Hash.LENGTH;
      hasher.node(edge, left, root, 0, root, 0);
    }
    return Hash.of(root);
  }

  /** The size, then the roots of the subtrees from left to right: 8 + 32 bytes for each bit set. */
  public byte[] toByteArray() {
    ByteBuffer out = ByteBuffer.allocate(Long.BYTES + Long.bitCount(size) * Hash.LENGTH);
    out.putLong(size);
    for (long rest = size; rest != 0; rest &= ~Long.highestOneBit(rest)) {
      out.put(edge, height(rest) * Hash.LENGTH, Hash.LENGTH);
    }
    return out.array();
  }

  /**
   * Reads what {@link #toByteArray} wrote.
   *
   * @throws MerkleFormatException when it is anything else.
   */
  public static Frontier parse(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      throw new MerkleFormatException("frontier", "it is cut off in the size");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long size = in.getLong();
    if (size < 0) {
      throw new MerkleFormatException("frontier", "its size is beyond what a log can have");
    }
    int hashes = Long.bitCount(size);
    if (in.remaining() != hashes * Hash.LENGTH) {
      throw new MerkleFormatException(
          "frontier",
          "size %d needs %d hashes, and %d bytes follow".formatted(size, hashes, in.remaining()));
    }
    Frontier frontier = new Frontier();
    frontier.size = size;
    for (long rest = size; rest != 0; rest &= ~Long.highestOneBit(rest)) {
      in.get(frontier.edge, height(rest) * Hash.LENGTH, Hash.LENGTH);
    }
    return frontier;
  }

  /** A frontier of its own with the same leaves. */
  public Frontier copy() {
    Frontier copy = new Frontier();
    copy.size = size;
    System.arraycopy(edge, 0, copy.edge, 0, edge.length);
    return copy;
  }

  /**
   * Writes the root of the perfect subtree of this height that the last {@link #append} completed.
   *
   * @param height at most the number of trailing zeros of {@link #size}.
   */
  void newest(int height, byte[] out, int offset) {
    System.arraycopy(edge, height * Hash.LENGTH, out, offset, Hash.LENGTH);
  }

  /** Where the next leaf's hash goes. */
  private byte[] slotForNext() {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("a tree has %d leaves at most".formatted(Long.MAX_VALUE));
    }
    return carry;
  }

  /** Adds {@code carry}: it becomes one with every subtree of its height to its left. */
  private void merge() {
    int height = 0;
    for (long rest = size; (rest & 1) != 0; rest >>>= 1) {
      int at = height * Hash.LENGTH;
      hasher.node(edge, at, carry, 0, parent, 0);
      System.arraycopy(carry, 0, edge, at, Hash.LENGTH);
      byte[] child = carry;
      carry = parent;
      parent = child;
      height++;
    }
    System.arraycopy(carry, 0, edge, height * Hash.LENGTH, Hash.LENGTH);
    size++;
  }

  private static int height(long size) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(size);
  }
}
