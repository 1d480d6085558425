package com.credlink.ledger.topology.streams;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Rows of a database as they were when its iterator was opened, under those that were waiting in a
 * cache at that moment.
 */
final class SnapshotRows implements KeyValueIterator<byte[], byte[]> {

  private final KeyValueIterator<Bytes, byte[]> stored;
  private final NavigableMap<Bytes, Optional<byte[]>> waiting;
  private Optional<KeyValue<byte[], byte[]>> next;

  SnapshotRows(
      KeyValueIterator<Bytes, byte[]> stored, NavigableMap<Bytes, Optional<byte[]>> waiting) {
    this.stored = stored;
    this.waiting = waiting;
    this.next = advance();
  }

  private Optional<KeyValue<byte[], byte[]>> advance() {
    while (true) {
      Optional<Bytes> inStore =
          stored.hasNext() ? Optional.of(stored.peekNextKey()) : Optional.empty();
      boolean waits =
          !waiting.isEmpty()
              && (inStore.isEmpty() || waiting.firstKey().compareTo(inStore.get()) <= 0);
      if (!waits) {
        return inStore.map(key -> KeyValue.pair(key.get(), stored.next().value));
      }
      Map.Entry<Bytes, Optional<byte[]>> row = waiting.pollFirstEntry();
      if (inStore.filter(row.getKey()::equals).isPresent()) {
        var _ = stored.next();
      }
      if (row.getValue().isPresent()) {
        return Optional.of(KeyValue.pair(row.getKey().get(), row.getValue().get()));
      }
    }
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public KeyValue<byte[], byte[]> next() {
    KeyValue<byte[], byte[]> row = next.orElseThrow(NoSuchElementException::new);
    next = advance();
    return row;
  }

  @Override
  public byte[] peekNextKey() {
    return next.orElseThrow(NoSuchElementException::new).key;
  }

  @Override
  public void close() {
    stored.close();
  }
}
