package com.credlink.ledger.topology.merkle;

import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.topology.streams.Keys;

/** Keys of a tree's store. */
final class TreeKeys {

  private static final String TILE = "t";
  private static final String LEAF = "l";

  private TreeKeys() {}

  /** The widest version of a tile that was written. */
  static byte[] tile(int level, long index) {
    return Keys.of(index, TILE, Integer.toString(level));
  }

  /** A leaf's hash whose tile is not full yet. */
  static byte[] leaf(long index) {
    return Keys.of(index, LEAF);
  }

  /** The first leaf of the tile of number {@code index}. */
  static long firstLeaf(long index) {
    return index << Tile.HEIGHT;
  }
}
