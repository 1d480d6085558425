package com.credlink.ledger.merkle;

import java.util.Optional;

/** Where tiles are read from. */
@FunctionalInterface
public interface TileSource {

  /**
   * The hashes of a tile, 32 bytes each.
   *
   * <p>A source may answer with more hashes of the same tile than its width asks for, up to the
   * full tile: a partial tile may be gone once the full one is there (tlog-tiles, partial tiles).
   *
   * @return empty when there is no such tile.
   */
  Optional<byte[]> read(Tile tile);
}
