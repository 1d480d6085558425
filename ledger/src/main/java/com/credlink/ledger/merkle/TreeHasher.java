package com.credlink.ledger.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The two hashes of RFC 6962 section 2.1. A leaf and a node begin with different bytes, so that
 * neither can be passed off as the other.
 *
 * <p>Holds one digest and one buffer, so that hashing allocates nothing: one instance per thread.
 */
public final class TreeHasher {

  private static final byte LEAF = 0;
  private static final byte NODE = 1;
  private static final int LEFT = 1;
  private static final int RIGHT = LEFT + Hash.LENGTH;

  private final MessageDigest sha256 = newSha256();

  /** NODE, left child, right child. */
  private final byte[] node = new byte[RIGHT + Hash.LENGTH];

  /** A hasher for one thread. */
  public TreeHasher() {
    node[0] = NODE;
  }

  /** {@code SHA-256(0x00 | entry)}. */
  public Hash leaf(byte[] entry) {
    byte[] out = new byte[Hash.LENGTH];
    leaf(entry, 0, entry.length, out, 0);
    return Hash.of(out);
  }

  /** The hash of the leaf of {@code length} bytes from {@code offset}, written to {@code out}. */
  public void leaf(byte[] entry, int offset, int length, byte[] out, int outOffset) {
    sha256.update(LEAF);
    sha256.update(entry, offset, length);
    digestTo(out, outOffset);
  }

  /** {@code SHA-256(0x01 | left | right)}. */
  public Hash node(Hash left, Hash right) {
    left.copyTo(node, LEFT);
    right.copyTo(node, RIGHT);
    byte[] out = new byte[Hash.LENGTH];
    nodeTo(out, 0);
    return Hash.of(out);
  }

  /** The node above two hashes, each given by array and offset; {@code out} may be either. */
  void node(byte[] left, int leftAt, byte[] right, int rightAt, byte[] out, int outAt) {
    System.arraycopy(left, leftAt, node, LEFT, Hash.LENGTH);
    System.arraycopy(right, rightAt, node, RIGHT, Hash.LENGTH);
    nodeTo(out, outAt);
  }

  /** The root of the perfect tree over the {@code count} hashes in front of {@code hashes}. */
  Hash perfectRoot(byte[] hashes, int from, int count) {
    byte[] row = new byte[count * Hash.LENGTH];
    System.arraycopy(hashes, from, row, 0, row.length);
    for (int width = count; width > 1; width /= 2) {
      for (int i = 0; i < width; i += 2) {
        node(row, i * Hash.LENGTH, row, (i + 1) * Hash.LENGTH, row, i / 2 * Hash.LENGTH);
      }
    }
    return Hash.of(row, 0);
  }

  private void nodeTo(byte[] out, int outAt) {
    sha256.update(node, 0, node.length);
    digestTo(out, outAt);
  }

  private void digestTo(byte[] out, int outAt) {
    try {
      sha256.digest(out, outAt, Hash.LENGTH);
    } catch (DigestException e) {
      throw new IndexOutOfBoundsException("no room for a hash at " + outAt + ": " + e.getMessage());
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
