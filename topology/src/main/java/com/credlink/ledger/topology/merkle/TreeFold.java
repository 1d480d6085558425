package com.credlink.ledger.topology.merkle;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogStore.Rows;
import java.util.Arrays;

/**
 * Grows the Merkle tree of one partition (RFC 6962): the record at offset n is leaf n. A leaf has a
 * row of its own until its tile is full; then the tile takes their place, and the tiles above it
 * are written again as wide as they are. That is 32 bytes and a fraction for each leaf.
 */
public final class TreeFold implements LogStore.Fold {

  private final EntryHasher entries;
  private final TreeHasher hasher = new TreeHasher();
  private final byte[] leaf = new byte[Hash.LENGTH];
  private TileWriter writer;
  private Rows rows;

  /** A fold for one partition. */
  public TreeFold(EntryHasher entries) {
    this.entries = entries;
  }

  @Override
  public void open(long size, Rows stored) {
    rows = stored;
    writer = TileWriter.resume(size, tile -> TreeTiles.read(tile, stored::get), this::write);
  }

  /**
   * Adds the record's leaf.
   *
   * @throws IntegrityFault if the record cannot be a leaf; the tree ends before it
   */
  @Override
  public void apply(LogEntry entry, Rows stored) {
    byte[] committed = committed(entry);
    hasher.leaf(committed, 0, committed.length, leaf, 0);
    long index = writer.size();
    rows.put(TreeKeys.leaf(index), leaf.clone());
    writer.append(leaf, 0);
    if ((writer.size() & (Tile.FULL - 1)) == 0) {
      writer.flush();
    }
  }

  /**
   * Compares a record with the leaf that it made when it was read before.
   *
   * @throws IntegrityFault.Changed if it would make another one now
   */
  @Override
  public void again(LogEntry entry, Rows stored) {
    long index = entry.position().offset();
    byte[] committed = committed(entry);
    hasher.leaf(committed, 0, committed.length, leaf, 0);
    int at = (int) (index & (Tile.FULL - 1)) * Hash.LENGTH;
    boolean isSame =
        stored
            .get(TreeKeys.leaf(index))
            .map(before -> Arrays.equals(before, leaf))
            .or(
                () ->
                    stored
                        .get(TreeKeys.tile(0, index >>> Tile.HEIGHT))
                        .map(
                            tile ->
                                Arrays.equals(tile, at, at + Hash.LENGTH, leaf, 0, Hash.LENGTH)))
            .orElse(false);
    if (!isSame) {
      throw new IntegrityFault.Changed(entry.position());
    }
  }

  private byte[] committed(LogEntry entry) {
    byte[] value = entry.value().raw();
    if (entry.key() == null || value.length == 0) {
      throw new IntegrityFault.NoContent(entry.position());
    }
    try {
      return entries.entry(entry.key(), value);
    } catch (RegistryException.SchemaNotFound e) {
      throw new IntegrityFault.UnknownSchema(entry.position());
    }
  }

  private void write(Tile tile, byte[] hashes) {
    rows.put(TreeKeys.tile(tile.level(), tile.index()), hashes);
    if (tile.level() == 0) {
      long first = TreeKeys.firstLeaf(tile.index());
      for (int i = 0; i < Tile.FULL; i++) {
        rows.delete(TreeKeys.leaf(first + i));
      }
    }
  }
}
