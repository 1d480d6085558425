package com.credlink.ledger.topology.streams;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.rocksdb.RocksIterator;

/** Rows of a RocksDB between two keys, both inclusive, in either direction. */
final class RocksRange implements KeyValueIterator<byte[], byte[]> {

  private final RocksIterator iterator;
  private final byte[] end;
  private final boolean descending;
  private final Runnable onClose;

  RocksRange(RocksIterator iterator, byte[] from, byte[] to, boolean descending, Runnable onClose) {
    this.iterator = iterator;
    this.end = descending ? from : to;
    this.descending = descending;
    this.onClose = onClose;
    if (descending) {
      iterator.seekForPrev(to);
    } else {
      iterator.seek(from);
    }
  }

  @Override
  public boolean hasNext() {
    if (!iterator.isValid()) {
      return false;
    }
    int order = Arrays.compareUnsigned(iterator.key(), end);
    return descending ? order >= 0 : order <= 0;
  }

  @Override
  public KeyValue<byte[], byte[]> next() {
    KeyValue<byte[], byte[]> row = KeyValue.pair(peekNextKey(), iterator.value());
    if (descending) {
      iterator.prev();
    } else {
      iterator.next();
    }
    return row;
  }

  @Override
  public byte[] peekNextKey() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return iterator.key();
  }

  @Override
  public void close() {
    iterator.close();
    onClose.run();
  }
}
