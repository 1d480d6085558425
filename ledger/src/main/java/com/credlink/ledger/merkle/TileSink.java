package com.credlink.ledger.merkle;

/** Where tiles are written to. The same tile may be given again, with the same bytes. */
@FunctionalInterface
public interface TileSink {

  /**
   * Takes a tile.
   *
   * @param hashes {@code tile.width()} hashes of 32 bytes each; the sink may keep the array.
   */
  void write(Tile tile, byte[] hashes);
}
