package com.credlink.ledger.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Roots and proofs from tiles (RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1; c2sp.org/tlog-tiles).
 *
 * <p>Each answer reads O(log n) tiles, each once. Nothing is checked against a signed root: a proof
 * from altered tiles is a proof that does not verify. Safe for many threads if the source is.
 */
public final class TileTree {

  private final TileSource source;

  /** A tree over these tiles. */
  public TileTree(TileSource source) {
    this.source = source;
  }

  /**
   * The root over the first {@code size} leaves.
   *
   * @throws TileException when a tile is missing or has a wrong length.
   * @throws IllegalArgumentException when {@code size} is negative.
   */
  public Hash root(long size) {
    requireRange(0, size, size);
    return size == 0 ? Hash.EMPTY_ROOT : new Reading(size).subtree(0, size);
  }

  /**
   * The hash of a leaf, as a tree of {@code size} leaves holds it.
   *
   * @throws TileException as {@link #root}.
   * @throws IllegalArgumentException when {@code index} is not below {@code size}.
   */
  public Hash leaf(long index, long size) {
    requireRange(0, index, size - 1);
    return new Reading(size).perfect(index, 0);
  }

  /**
   * The proof that the leaf at {@code index} is in the tree of the first {@code size} leaves.
   *
   * @throws TileException as {@link #root}.
   * @throws IllegalArgumentException when {@code index} is not below {@code size}.
   */
  public InclusionProof inclusion(long index, long size) {
    requireRange(0, index, size - 1);
    List<Hash> path = new ArrayList<>();
    Reading tiles = new Reading(size);
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        path.addFirst(tiles.subtree(middle, high));
        high = middle;
      } else {
        path.addFirst(tiles.subtree(low, middle));
        low = middle;
      }
    }
    return new InclusionProof(index, size, path);
  }

  /**
   * The proof that the tree of the first {@code to} leaves continues the tree of the first {@code
   * from}. From 0, or between equal sizes, it has no hashes.
   *
   * @throws TileException as {@link #root}.
   * @throws IllegalArgumentException when {@code from} is negative or above {@code to}.
   */
  public ConsistencyProof consistency(long from, long to) {
    requireRange(0, from, to);
    List<Hash> path = new ArrayList<>();
    if (from == 0 || from == to) {
      return new ConsistencyProof(from, to, path);
    }
    Reading tiles = new Reading(to);
    long low = 0;
    long high = to;
    while (high != from) {
      long middle = low + split(high - low);
      if (from <= middle) {
        path.addFirst(tiles.subtree(middle, high));
        high = middle;
      } else {
        path.addFirst(tiles.subtree(low, middle));
        low = middle;
      }
    }
    if (low != 0) {
      path.addFirst(tiles.subtree(low, high));
    }
    return new ConsistencyProof(from, to, path);
  }

  /**
   * The frontier of the tree of the first {@code size} leaves, to append to.
   *
   * @throws TileException as {@link #root}.
   */
  public Frontier frontier(long size) {
    requireRange(0, size, size);
    Reading tiles = new Reading(size);
    ByteBuffer edge = ByteBuffer.allocate(Long.BYTES + Long.bitCount(size) * Hash.LENGTH);
    edge.putLong(size);
    tiles.perfectSubtrees(0, size).forEach(root -> edge.put(root.toArray()));
    return Frontier.parse(edge.array());
  }

  /** The largest power of two below {@code size}: where RFC 6962 divides a tree. */
  private static long split(long size) {
    return Long.highestOneBit(size - 1);
  }

  private static void requireRange(long from, long value, long to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException("%d is not in %d to %d".formatted(value, from, to));
    }
  }

  /** One answer: the tiles of a tree of one size, each read once. */
  private final class Reading {

    private final TreeHasher hasher = new TreeHasher();
    private final Map<Tile, byte[]> tiles = new HashMap<>();
    private final long size;

    private Reading(long size) {
      this.size = size;
    }

    /** The root over the leaves from {@code low} to before {@code high}, at least one. */
    private Hash subtree(long low, long high) {
      return perfectSubtrees(low, high).reversed().stream()
          .reduce((right, left) -> hasher.node(left, right))
          .orElseThrow();
    }

    /** The roots of the perfect subtrees, from left to right, that make up this range of leaves. */
    private List<Hash> perfectSubtrees(long low, long high) {
      List<Hash> roots = new ArrayList<>();
      long at = low;
      while (at < high) {
        int height = Long.SIZE - 1 - Long.numberOfLeadingZeros(high - at);
        roots.add(perfect(at >>> height, height));
        at += 1L << height;
      }
      return roots;
    }

    /** The root of the perfect subtree that is number {@code index} among those of its height. */
    private Hash perfect(long index, int height) {
      int inTile = height % Tile.HEIGHT;
      long first = index << inTile;
      byte[] hashes = tile(Tile.at(height / Tile.HEIGHT, first >>> Tile.HEIGHT, size));
      return hasher.perfectRoot(hashes, (int) (first & (Tile.FULL - 1)) * Hash.LENGTH, 1 << inTile);
    }

    private byte[] tile(Tile tile) {
      return tiles.computeIfAbsent(tile, wanted -> read(source, wanted));
    }
  }

  /** The tile's hashes, or more of the same tile. */
  static byte[] read(TileSource source, Tile tile) {
    byte[] hashes = source.read(tile).orElseThrow(() -> new TileException.Missing(tile));
    if (hashes.length < tile.width() * Hash.LENGTH
        || hashes.length > Tile.FULL * Hash.LENGTH
        || hashes.length % Hash.LENGTH != 0) {
      throw new TileException.WrongLength(tile, hashes.length);
    }
    return hashes;
  }
}
