package com.credlink.ledger.topology.audit;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.TenantDigest;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.Table;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How many records each tenant has, and their running digest ({@link TenantDigest}): what tells
 * whether somebody was given all of them.
 */
public final class TenantRecords {

  private final Table table;
  private final EntryHasher entries;

  /** Kept in {@code table}; to be used by one thread. */
  public TenantRecords(Table table, EntryHasher entries) {
    this.table = table;
    this.entries = entries;
  }

  /** Adds a record; one that cannot be an entry of the log is not added, and ends the tree too. */
  public void add(LogEntry entry) {
    byte[] value = entry.value().raw();
    if (entry.key() == null || value.length == 0) {
      return;
    }
    byte[] committed;
    try {
      committed = entries.entry(entry.key(), value);
    } catch (RegistryException.SchemaNotFound faulty) {
      return;
    }
    TenantDigest digest = read(table.get(entry.key()));
    digest.add(entry.position().offset(), committed);
    table.put(
        entry.key(),
        ByteBuffer.allocate(Long.BYTES + Hash.LENGTH)
            .putLong(digest.count())
            .put(digest.hash().toArray())
            .array());
  }

  private static TenantDigest read(byte[] row) {
    return row == null
        ? new TenantDigest()
        : new TenantDigest(
            ByteBuffer.wrap(row).getLong(), Arrays.copyOfRange(row, Long.BYTES, row.length));
  }
}
