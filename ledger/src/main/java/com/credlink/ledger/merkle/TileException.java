package com.credlink.ledger.merkle;

/** A source of tiles did not give what a tree of that size has. Each case names the tile. */
public abstract sealed class TileException extends RuntimeException {

  private final Tile tile;

  private TileException(String message, Tile tile) {
    super(message);
    this.tile = tile;
  }

  /** The tile that was asked for. */
  public Tile tile() {
    return tile;
  }

  /** There is no such tile. */
  public static final class Missing extends TileException {
    Missing(Tile tile) {
      super("tile '%s' is missing".formatted(tile.path()), tile);
    }
  }

  /** There are bytes, but not as many as the tile has. */
  public static final class WrongLength extends TileException {
    WrongLength(Tile tile, int actual) {
      super(
          "tile '%s' has %d bytes, not %d"
              .formatted(tile.path(), actual, tile.width() * Hash.LENGTH),
          tile);
    }
  }
}
