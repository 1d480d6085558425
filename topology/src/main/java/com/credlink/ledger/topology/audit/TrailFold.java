package com.credlink.ledger.topology.audit;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.topology.audit.TrailKeys.Group;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Files every fact under its offset, its tenant and its id. */
public final class TrailFold implements LogStore.Fold {

  @Override
  public void apply(LogEntry entry, LogStore.Rows rows) {
    long offset = entry.position().offset();
    Group group = Group.of(entry.value().type());
    byte[] rowKey = TrailKeys.row(group, offset);
    rows.put(rowKey, row(entry));
    if (entry.value() instanceof LogValue.Event value) {
      LedgerEvent event = value.event();
      rows.put(
          TrailKeys.tenant(event.tenant(), group, offset),
          event.type().getBytes(StandardCharsets.UTF_8));
      byte[] id = TrailKeys.id(event.eventId());
      if (rows.get(id).isEmpty()) {
        rows.put(id, rowKey);
      }
    }
  }

  /** The record's timestamp in front of its value. */
  private static byte[] row(LogEntry entry) {
    byte[] value = entry.value().raw();
    return ByteBuffer.allocate(Long.BYTES + value.length)
        .putLong(entry.timestamp())
        .put(value)
        .array();
  }

  /** The record's timestamp in a row. */
  public static Instant timestamp(byte[] row) {
    return Instant.ofEpochMilli(Math.max(ByteBuffer.wrap(row).getLong(), 0));
  }

  /** The record's value in a row. */
  public static byte[] value(byte[] row) {
    return Arrays.copyOfRange(row, Long.BYTES, row.length);
  }
}
