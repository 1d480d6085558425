package com.credlink.ledger.topology.query;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.topology.merkle.TreeTiles;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.Stores;
import java.util.Arrays;
import java.util.Optional;

/** Reads the Merkle trees of the partitions that this process owns. */
public final class TreeView {

  private final StoreQueries stores;

  /** A view over {@code stores}. */
  public TreeView(StoreQueries stores) {
    this.stores = stores;
  }

  /** How many leaves the tree of {@code partition} has. */
  public long size(int partition) {
    return LogStore.size(stores.get(Stores.TREE, partition, LogStore.appliedKey()));
  }

  /** Roots and proofs of the tree, at any size up to {@link #size}. */
  public TileTree tree(int partition) {
    return new TileTree(tile -> read(partition, tile));
  }

  /** The hashes of a tile, exactly as many as its width says; empty when the tree is smaller. */
  public Optional<byte[]> tile(int partition, Tile tile) {
    int bytes = tile.width() * Hash.LENGTH;
    return read(partition, tile)
        .filter(hashes -> hashes.length >= bytes)
        .map(hashes -> hashes.length == bytes ? hashes : Arrays.copyOf(hashes, bytes));
  }

  private Optional<byte[]> read(int partition, Tile tile) {
    return TreeTiles.read(tile, key -> stores.get(Stores.TREE, partition, key));
  }
}
