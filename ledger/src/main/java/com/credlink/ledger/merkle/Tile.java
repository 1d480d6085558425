package com.credlink.ledger.merkle;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a tile or an entry bundle (c2sp.org/tlog-tiles).
 *
 * <p>Tile {@code index} of {@code level} holds the roots of the subtrees over {@code 256^level}
 * leaves each, from number {@code index * 256} on; a bundle holds the entries of the tile of level
 * 0 with its index.
 *
 * @param level 0 to 63, or {@link #ENTRIES}.
 * @param index from 0 on.
 * @param width how many hashes or entries it has: 256 if it is full, else 1 to 255.
 */
public record Tile(int level, long index, int width) {

  /** Levels of the tree in one tile. */
  public static final int HEIGHT = 8;

  /** Hashes in a full tile. */
  public static final int FULL = 1 << HEIGHT;

  /** In place of a level: the bundle with the entries themselves. */
  public static final int ENTRIES = -1;

  private static final int MAX_LEVEL = 63;
  private static final Pattern PATH =
      Pattern.compile(
          "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  /** Checks the ranges. */
  public Tile {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException(
          "no tile has level %d, index %d and width %d".formatted(level, index, width));
    }
  }

  /**
   * The tile as it is in a tree of {@code size} leaves.
   *
   * @throws IllegalArgumentException when a tree of that size does not have it.
   */
  public static Tile at(int level, long index, long size) {
    return new Tile(level, index, widthAt(level, index, size));
  }

  /** The bundle as it is in a tree of {@code size} leaves; see {@link #at}. */
  public static Tile entriesAt(long index, long size) {
    return at(ENTRIES, index, size);
  }

  /** How many hashes a tile has in a tree of {@code size} leaves: 0 to 256. */
  public static int widthAt(int level, long index, long size) {
    long hashes = hashesAt(level, size);
    if (index < 0 || index > hashes >>> HEIGHT) {
      return 0;
    }
    return (int) Math.min(FULL, hashes - (index << HEIGHT));
  }

  /** How many subtrees over {@code 256^level} leaves a tree of {@code size} leaves has. */
  static long hashesAt(int level, long size) {
    int height = Math.max(level, 0) * HEIGHT;
    return height < Long.SIZE ? Math.max(size, 0) >>> height : 0;
  }

  /** Whether it holds entries, not hashes. */
  public boolean isEntries() {
    return level == ENTRIES;
  }

  /** Whether it has less than its full width. */
  public boolean isPartial() {
    return width < FULL;
  }

  /**
   * Whether a tree of {@code size} leaves has these hashes: the tile is full there, or as wide or
   * wider.
   */
  public boolean isWithin(long size) {
    return width <= widthAt(level, index, size);
  }

  /** The same tile at its full width. */
  public Tile full() {
    return new Tile(level, index, FULL);
  }

  /** Its path below the log's prefix, such as {@code tile/0/x001/x234/067.p/12}. */
  public String path() {
    StringBuilder groups = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest != 0; rest /= 1000) {
      groups.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return "tile/"
        + (isEntries() ? "entries" : level)
        + "/"
        + groups
        + (isPartial() ? ".p/" + width : "");
  }

  /**
   * Reads a path.
   *
   * @throws MerkleFormatException when it is not exactly what {@link #path} gives for a tile.
   */
  public static Tile parse(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new MerkleFormatException("tile path", "it has another form");
    }
    try {
      String level = matcher.group(1);
      String width = matcher.group(3);
      Tile tile =
          new Tile(
              level.equals("entries") ? ENTRIES : Integer.parseInt(level),
              Long.parseLong(matcher.group(2).replace("x", "").replace("/", "")),
              width == null ? FULL : Integer.parseInt(width));
      if (tile.path().equals(path)) {
        return tile;
      }
    } catch (IllegalArgumentException e) {
      throw new MerkleFormatException("tile path", "a number in it is out of range");
    }
    throw new MerkleFormatException("tile path", "it is not the shortest one for its tile");
  }
}
