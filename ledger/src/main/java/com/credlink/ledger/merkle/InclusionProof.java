package com.credlink.ledger.merkle;

import java.util.List;

/**
 * That a leaf is in a tree (RFC 9162 section 2.1.3).
 *
 * @param index the leaf's, from 0 on.
 * @param size how many leaves the tree has.
 * @param path the siblings on the way up, the leaf's own first.
 */
public record InclusionProof(long index, long size, List<Hash> path) {

  /** Hashes in the longest path: the height of the highest tree. */
  public static final int MAX_PATH = Long.SIZE - 1;

  /** Copies the path. */
  public InclusionProof {
    path = List.copyOf(path);
  }

  /**
   * Returns if the tree with this root has this leaf at {@link #index} (RFC 9162 section 2.1.3.2).
   *
   * @param leaf the leaf's hash.
   * @throws ProofException when that is not proven.
   */
  public void verify(Hash leaf, Hash root) {
    Hash computed = rootFrom(leaf);
    if (!computed.equals(root)) {
      throw new ProofException.WrongRoot(size, root, computed);
    }
  }

  /**
   * The root of the tree that has this leaf at this path: for who has the root's signature and not
   * the root.
   *
   * @throws ProofException when index, size and the length of the path do not belong together.
   */
  public Hash rootFrom(Hash leaf) {
    if (index < 0 || index >= size) {
      throw ProofException.OutOfRange.index(index, size);
    }
    if (path.size() != expectedLength(index, size)) {
      throw new ProofException.WrongLength(expectedLength(index, size), path.size());
    }
    TreeHasher hasher = new TreeHasher();
    long node = index;
    long last = size - 1;
    Hash root = leaf;
    for (Hash sibling : path) {
      if ((node & 1) == 1 || node == last) {
        root = hasher.node(sibling, root);
        // Levels without a sibling: this node is the last one and stands alone there.
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        root = hasher.node(root, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return root;
  }

  /**
   * One sibling for each level below where the leaf's way meets the right edge, then one per bit.
   */
  private static int expectedLength(long index, long size) {
    int below = Long.SIZE - Long.numberOfLeadingZeros(index ^ (size - 1));
    return below + Long.bitCount(index >>> below);
  }
}
