package com.credlink.ledger.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the tiles of a growing tree (c2sp.org/tlog-tiles): full ones as soon as they are full,
 * partial ones when asked for. Its state is the right edge of the tree, one unfinished tile for
 * each level: what a restart needs is the size and those tiles. For one thread.
 *
 * <p>When the sink fails, the writer is of no more use: begin again with {@link #resume}.
 */
public final class TileWriter {

  private final TileSink sink;
  private final Frontier frontier;
  private final List<Level> levels = new ArrayList<>();

  /** Begins with the tree without leaves. */
  public TileWriter(TileSink sink) {
    this(sink, new Frontier());
  }

  private TileWriter(TileSink sink, Frontier frontier) {
    this.sink = sink;
    this.frontier = frontier;
  }

  /**
   * Goes on at {@code size} leaves.
   *
   * @param source has the tiles of the tree of that size.
   * @throws TileException when a tile is missing or has a wrong length.
   */
  public static TileWriter resume(long size, TileSource source, TileSink sink) {
    TileWriter writer = new TileWriter(sink, new TileTree(source).frontier(size));
    for (int level = 0; Tile.hashesAt(level, size) > 0; level++) {
      Level edge = new Level(level, Tile.hashesAt(level, size) >>> Tile.HEIGHT);
      int width = Tile.widthAt(level, edge.index, size);
      if (width > 0) {
        edge.load(TileTree.read(source, Tile.at(level, edge.index, size)), width);
      }
      writer.levels.add(edge);
    }
    return writer;
  }

  /** How many leaves. */
  public long size() {
    return frontier.size();
  }

  /** The root over all leaves. */
  public Hash root() {
    return frontier.root();
  }

  /** The right edge, to keep beside the tiles; a copy. */
  public Frontier frontier() {
    return frontier.copy();
  }

  /** Adds a leaf and writes the tiles that it fills, the lowest first. */
  public void append(Hash leaf) {
    frontier.append(leaf);
    place();
  }

  /** As {@link #append(Hash)}, with the leaf's hash in {@code bytes} from {@code offset}. */
  public void append(byte[] bytes, int offset) {
    frontier.append(bytes, offset);
    place();
  }

  /**
   * Writes the partial tiles that the tree has at this size and that were not written before: with
   * them, a checkpoint of this size may be published.
   */
  public void flush() {
    for (Level level : levels) {
      level.flush(sink);
    }
  }

  /** Every level's newest hash stands in the frontier once a leaf has completed its subtree. */
  private void place() {
    int heights = Long.numberOfTrailingZeros(frontier.size());
    for (int level = 0; level * Tile.HEIGHT <= heights; level++) {
      if (level == levels.size()) {
        levels.add(new Level(level, 0));
      }
      levels.get(level).add(frontier, sink);
    }
  }

  /** The unfinished tile of a level. */
  private static final class Level {
    private final int level;
    private final byte[] hashes = new byte[Tile.FULL * Hash.LENGTH];
    private long index;
    private int width;
    private int written;

    private Level(int level, long index) {
      this.level = level;
      this.index = index;
    }

    private void load(byte[] tile, int width) {
      System.arraycopy(tile, 0, hashes, 0, width * Hash.LENGTH);
      this.width = width;
      this.written = width;
    }

    private void add(Frontier frontier, TileSink sink) {
      frontier.newest(level * Tile.HEIGHT, hashes, width * Hash.LENGTH);
      width++;
      if (width == Tile.FULL) {
        flush(sink);
        index++;
        width = 0;
        written = 0;
      }
    }

    private void flush(TileSink sink) {
      if (width > written) {
        sink.write(new Tile(level, index, width), Arrays.copyOf(hashes, width * Hash.LENGTH));
        written = width;
      }
    }
  }
}
