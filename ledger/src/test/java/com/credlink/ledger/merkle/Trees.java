package com.credlink.ledger.merkle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Trees in memory. */
final class Trees {

  private Trees() {}

  /** Entries of different lengths, from none on. */
  static List<byte[]> entries(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ("e" + i).repeat(i % 5).getBytes(StandardCharsets.US_ASCII))
        .toList();
  }

  static List<Hash> hashes(List<byte[]> hashes) {
    return hashes.stream().map(Hash::of).toList();
  }

  /** Tiles by path; answers with the widest tile that it has in a place. */
  static final class Store implements TileSource, TileSink {
    final Map<String, byte[]> tiles = new HashMap<>();
    final List<Tile> reads = new ArrayList<>();
    final List<Tile> writes = new ArrayList<>();
    private final Map<Tile, byte[]> widest = new HashMap<>();

    @Override
    public Optional<byte[]> read(Tile tile) {
      reads.add(tile);
      return Optional.ofNullable(widest.get(tile.full()));
    }

    @Override
    public void write(Tile tile, byte[] hashes) {
      writes.add(tile);
      tiles.put(tile.path(), hashes);
      widest.put(tile.full(), hashes);
    }
  }

  /** A tree of these entries with partial tiles at its own size and at no other. */
  static Store store(List<byte[]> entries) {
    Store store = new Store();
    TileWriter writer = new TileWriter(store);
    TreeHasher hasher = new TreeHasher();
    entries.forEach(entry -> writer.append(hasher.leaf(entry)));
    writer.flush();
    return store;
  }
}
