package com.credlink.ledger.verify;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.tlog.TiledLog;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A published log in memory: the widest version of each tile, and a checkpoint. */
final class MemoryTiles implements TiledLog {

  private final byte[] checkpoint;
  private final Map<Tile, byte[]> widest;

  private MemoryTiles(byte[] checkpoint, Map<Tile, byte[]> widest) {
    this.checkpoint = checkpoint;
    this.widest = widest;
  }

  /** The tiles over these entries. */
  static MemoryTiles over(List<byte[]> entries, byte[] checkpoint) {
    Map<Tile, byte[]> tiles = new HashMap<>();
    TreeHasher hasher = new TreeHasher();
    TileWriter writer = new TileWriter((tile, hashes) -> tiles.put(tile.full(), hashes));
    entries.forEach(entry -> writer.append(hasher.leaf(entry)));
    writer.flush();
    return new MemoryTiles(checkpoint, tiles);
  }

  /** The same with another checkpoint. */
  MemoryTiles with(byte[] newCheckpoint) {
    return new MemoryTiles(newCheckpoint, widest);
  }

  /** The same with one bit of one tile changed. */
  MemoryTiles flipped(Tile tile, int bit) {
    Map<Tile, byte[]> changed = new HashMap<>(widest);
    byte[] hashes = changed.get(tile).clone();
    hashes[bit >>> 3] ^= (byte) (1 << (bit & 7));
    changed.put(tile, hashes);
    return new MemoryTiles(checkpoint, changed);
  }

  List<Tile> tiles() {
    return widest.keySet().stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
  }

  int bits(Tile tile) {
    return widest.get(tile).length * Byte.SIZE;
  }

  @Override
  public byte[] checkpoint() {
    return checkpoint;
  }

  @Override
  public Optional<byte[]> read(Tile tile) {
    int bytes = tile.width() * Hash.LENGTH;
    return Optional.ofNullable(widest.get(tile.full()))
        .filter(hashes -> hashes.length >= bytes)
        .map(hashes -> Arrays.copyOf(hashes, bytes));
  }

  @Override
  public String place() {
    return "memory";
  }
}
