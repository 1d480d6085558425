package com.credlink.ledger.worker;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.topology.query.TreeView;
import java.util.Arrays;
import java.util.function.Consumer;

/** Hashes records again and compares them with the leaves that the tree has. For one thread. */
final class LeafScan {

  private final LedgerReader reader;
  private final EntryHasher entries;
  private final TreeView trees;
  private final TreeHasher hasher = new TreeHasher();
  private final byte[] leaf = new byte[Hash.LENGTH];
  private byte[] stored = new byte[0];

  LeafScan(LedgerReader reader, EntryHasher entries, TreeView trees) {
    this.reader = reader;
    this.entries = entries;
    this.trees = trees;
  }

  /**
   * Compares the records from {@code from} up to, not including, {@code to}.
   *
   * @param size of the tree, at least {@code to}
   * @param same given each leaf that is as it was, not to be kept
   * @throws IntegrityFault at the first record that is not there or not what it was
   */
  void compare(int partition, long from, long to, long size, Consumer<byte[]> same) {
    stored = new byte[0];
    reader.replay(
        partition,
        from,
        to,
        record -> {
          compare(record, size);
          same.accept(leaf);
        });
  }

  private void compare(LogRecord record, long size) {
    long offset = record.position().offset();
    int place = (int) (offset & (Tile.FULL - 1));
    if (place == 0 || stored.length == 0) {
      stored = tile(record, size);
    }
    byte[] entry = entry(record);
    hasher.leaf(entry, 0, entry.length, leaf, 0);
    int at = place * Hash.LENGTH;
    if (!Arrays.equals(leaf, 0, Hash.LENGTH, stored, at, at + Hash.LENGTH)) {
      throw new IntegrityFault.Changed(record.position());
    }
  }

  private byte[] tile(LogRecord record, long size) {
    long index = record.position().offset() >>> Tile.HEIGHT;
    return trees
        .tile(record.position().partition(), Tile.at(0, index, size))
        .orElseThrow(() -> new IntegrityFault.Changed(record.position()));
  }

  private byte[] entry(LogRecord record) {
    try {
      return entries.entry(record.key(), record.value());
    } catch (RegistryException.SchemaNotFound e) {
      throw new IntegrityFault.UnknownSchema(record.position());
    }
  }
}
