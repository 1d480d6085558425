package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.MerkleFormatException;
import com.credlink.ledger.merkle.Tile;
import java.util.Arrays;
import java.util.Optional;

/** The tiles and bundles of a published log, each of which must be there and be right. */
public final class PublishedTiles {

  private final TiledLog log;

  /** The tiles of {@code log}. */
  public PublishedTiles(TiledLog log) {
    this.log = log;
  }

  /**
   * Compares a tile that follows from the entries with the one that the log has.
   *
   * @throws LogTampered where they differ
   */
  public void compare(Tile tile, byte[] hashes) {
    byte[] published = read(tile);
    int bytes = tile.width() * Hash.LENGTH;
    int wrong = Arrays.mismatch(hashes, 0, bytes, published, 0, Math.min(bytes, published.length));
    if (wrong >= 0) {
      throw wrongHash(tile, wrong / Hash.LENGTH);
    }
    if (published.length != bytes) {
      throw new LogTampered(
          "'%s' has %d bytes, not %d".formatted(tile.path(), published.length, bytes));
    }
  }

  private static LogTampered wrongHash(Tile tile, int place) {
    long index = (tile.index() << Tile.HEIGHT) + place;
    String message = "'%s' has another hash".formatted(tile.path());
    return tile.level() == 0
        ? new LogTampered(index, message + " than follows from the entry")
        : new LogTampered("%s in place %d than follows from the entries".formatted(message, place));
  }

  /** A partial tile may be gone once the full one is there (tlog-tiles, Partial Tiles). */
  byte[] read(Tile tile) {
    return log.read(tile)
        .or(
            () ->
                tile.isPartial()
                    ? log.read(tile.full()).map(full -> cut(tile, full))
                    : Optional.empty())
        .orElseThrow(() -> new LogTampered("'%s' is missing".formatted(tile.path())));
  }

  private static byte[] cut(Tile tile, byte[] full) {
    if (tile.isEntries()) {
      try {
        return EntryBundle.format(EntryBundle.parse(full, Tile.FULL).subList(0, tile.width()));
      } catch (MerkleFormatException e) {
        throw new LogTampered("'%s' is %s".formatted(tile.full().path(), e.getMessage()));
      }
    }
    return Arrays.copyOf(full, Math.min(full.length, tile.width() * Hash.LENGTH));
  }
}
