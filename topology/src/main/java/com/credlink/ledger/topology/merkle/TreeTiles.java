package com.credlink.ledger.topology.merkle;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import java.util.Optional;
import java.util.function.Function;

/** Reads tiles from the rows of a tree's store. */
public final class TreeTiles {

  private TreeTiles() {}

  /** The hashes of {@code tile}, or more of the same; empty when the tree has not that many. */
  public static Optional<byte[]> read(Tile tile, Function<byte[], Optional<byte[]>> rows) {
    Optional<byte[]> written = rows.apply(TreeKeys.tile(tile.level(), tile.index()));
    boolean isEnough = written.map(hashes -> hashes.length >= bytes(tile)).orElse(false);
    return isEnough || tile.level() > 0 ? written : leaves(tile, rows);
  }

  /** The newest leaves are rows of their own. */
  private static Optional<byte[]> leaves(Tile tile, Function<byte[], Optional<byte[]>> rows) {
    byte[] hashes = new byte[bytes(tile)];
    long first = TreeKeys.firstLeaf(tile.index());
    for (int i = 0; i < tile.width(); i++) {
      Optional<byte[]> leaf = rows.apply(TreeKeys.leaf(first + i));
      if (leaf.isEmpty()) {
        // The tile may have become full meanwhile.
        return rows.apply(TreeKeys.tile(0, tile.index()));
      }
      System.arraycopy(leaf.get(), 0, hashes, i * Hash.LENGTH, Hash.LENGTH);
    }
    return Optional.of(hashes);
  }

  private static int bytes(Tile tile) {
    return tile.width() * Hash.LENGTH;
  }
}
