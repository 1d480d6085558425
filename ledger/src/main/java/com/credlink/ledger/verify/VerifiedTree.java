package com.credlink.ledger.verify;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileException;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.PublishedTiles;
import com.credlink.ledger.tlog.TiledLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tree that grows again; its tiles are compared with those that are served. */
final class VerifiedTree {

  private final Optional<PublishedTiles> published;

  /** The size of the checkpoint that is served: nothing beyond it is. */
  private final long served;

  /** The newest tile of each level that was not full. */
  private final Map<Integer, Map.Entry<Tile, byte[]>> edge = new HashMap<>();

  private final long resumedAt;
  private final TileWriter writer;

  VerifiedTree(Optional<TiledLog> log, Optional<Long> servedSize, Optional<CheckState> resumed) {
    this.published = log.map(PublishedTiles::new);
    this.served = servedSize.orElse(0L);
    this.resumedAt = resumed.map(CheckState::size).orElse(0L);
    this.writer = resumed.map(this::resume).orElseGet(() -> new TileWriter(this::write));
  }

  private TileWriter resume(CheckState state) {
    state.edge().forEach((tile, hashes) -> edge.put(tile.level(), Map.entry(tile, hashes)));
    try {
      TileWriter resumed =
          TileWriter.resume(
              state.size(), tile -> Optional.ofNullable(state.edge().get(tile)), this::write);
      if (resumed.root().equals(state.root())) {
        return resumed;
      }
    } catch (TileException e) {
      // As bad as another root.
    }
    throw new LogTampered("what was kept of an earlier pass is damaged; begin anew");
  }

  long size() {
    return writer.size();
  }

  /** How many records an earlier pass has verified. */
  long resumedAt() {
    return resumedAt;
  }

  Hash root() {
    return writer.root();
  }

  boolean comparesTiles() {
    return published.isPresent();
  }

  void append(byte[] leaf) {
    writer.append(leaf, 0);
    if (writer.size() == served) {
      writer.flush();
    }
  }

  /** Compares the unfinished tiles, where as much is served. */
  void compareNow() {
    writer.flush();
  }

  CheckState state(long nextCheckpoint) {
    writer.flush();
    Map<Tile, byte[]> unfinished = new HashMap<>();
    edge.values().forEach(each -> unfinished.put(each.getKey(), each.getValue()));
    return new CheckState(writer.size(), writer.root(), unfinished, nextCheckpoint);
  }

  private void write(Tile tile, byte[] hashes) {
    if (tile.isPartial()) {
      edge.put(tile.level(), Map.entry(tile, hashes));
    } else {
      edge.remove(tile.level());
    }
    if (tile.isWithin(served)) {
      published.ifPresent(tiles -> tiles.compare(tile, hashes));
    }
  }
}
