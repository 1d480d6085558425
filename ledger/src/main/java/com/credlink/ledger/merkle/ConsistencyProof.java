package com.credlink.ledger.merkle;

import java.util.List;

/**
 * That one tree continues another: nothing before was changed or dropped (RFC 9162 section 2.1.4).
 *
 * @param from how many leaves the older tree has.
 * @param to how many leaves the newer tree has.
 * @param path the nodes that both roots follow from, in the order of the RFC; none when {@code
 *     from} is 0 or {@code to}.
 */
public record ConsistencyProof(long from, long to, List<Hash> path) {

  /** Hashes in the longest path, as tlog-witness bounds it. */
  public static final int MAX_PATH = Long.SIZE - 1;

  /** Copies the path. */
  public ConsistencyProof {
    path = List.copyOf(path);
  }

  /**
   * Returns if the tree of {@link #to} leaves with root {@code newRoot} begins with the tree of
   * {@link #from} leaves with root {@code oldRoot} (RFC 9162 section 2.1.4.2).
   *
   * <p>The tree without leaves begins every tree, and has only one root.
   *
   * @throws ProofException when that is not proven.
   */
  public void verify(Hash oldRoot, Hash newRoot) {
    if (from < 0 || from > to) {
      throw ProofException.OutOfRange.sizes(from, to);
    }
    if (path.size() != expectedLength(from, to)) {
      throw new ProofException.WrongLength(expectedLength(from, to), path.size());
    }
    if (from == 0) {
      require(0, oldRoot, Hash.EMPTY_ROOT);
    }
    if (from == to) {
      require(to, newRoot, oldRoot);
    } else if (from > 0) {
      verifyPath(oldRoot, newRoot);
    }
  }

  private void verifyPath(Hash oldRoot, Hash newRoot) {
    TreeHasher hasher = new TreeHasher();
    // Up from the older tree's last leaf to the first subtree that is on its left edge or is the
    // last of a pair: that subtree is the same in both trees.
    int height = Long.numberOfTrailingZeros(from);
    long node = (from - 1) >>> height;
    long last = (to - 1) >>> height;
    boolean whole = Long.bitCount(from) == 1;
    Hash older = whole ? oldRoot : path.getFirst();
    Hash newer = older;
    for (Hash hash : whole ? path : path.subList(1, path.size())) {
      if ((node & 1) == 1 || node == last) {
        older = hasher.node(hash, older);
        newer = hasher.node(hash, newer);
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        newer = hasher.node(newer, hash);
      }
      node >>>= 1;
      last >>>= 1;
    }
    require(from, oldRoot, older);
    require(to, newRoot, newer);
  }

  private static void require(long size, Hash expected, Hash actual) {
    if (!actual.equals(expected)) {
      throw new ProofException.WrongRoot(size, expected, actual);
    }
  }

  private static int expectedLength(long from, long to) {
    if (from == 0 || from == to) {
      return 0;
    }
    int common = Long.numberOfTrailingZeros(from);
    int below = Long.SIZE - Long.numberOfLeadingZeros((from - 1) ^ (to - 1));
    int border = Long.bitCount((from - 1) >>> below);
    return below - common + border + (Long.bitCount(from) == 1 ? 0 : 1);
  }
}
