package com.credlink.ledger.topology.streams;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Rows of one kind in a store that holds several. A store costs each task a database, and a
 * changelog that each transaction writes to and marks, so what is written together lies together.
 */
public final class Table {

  private final KeyValueStore<byte[], byte[]> store;
  private final Kind kind;

  /** What rows are about; the first byte of their keys. */
  public enum Kind {
    /** Last offset applied, one row. */
    APPLIED('a'),
    /** First delivery of each webhook id and of each body, bound resources, installed shops. */
    INTAKE('i'),
    /** State of each signing request. */
    SIGNING('s'),
    /** First request of each idempotency key; pending requests of each tenant. */
    ADMISSION('k'),
    /** State of each image that a webhook named. */
    IMAGES('m'),
    /** Jobs out and waiting, by tenant and lane. */
    LANES('l'),
    /** Which shop a resource is bound to, in the partition of the resource's hash. */
    BINDINGS('b'),
    /** Requests whose webhook may have been replayed. */
    DISPUTES('x'),
    /** First request of each template that was signed. */
    RESULTS('r'),
    /** Operations with a key that began and have no outcome. */
    STARTS('u'),
    /** Records of each tenant and their running digest. */
    TENANTS('t'),
    /** What time will decide. */
    DUE('d');

    private final byte first;

    Kind(char first) {
      this.first = (byte) first;
    }

    /** Name for people. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The key in the store of the row {@code key} of this kind. */
    public byte[] key(byte[] key) {
      return ByteBuffer.allocate(1 + key.length).put(first).put(key).array();
    }

    /** Whether the row of {@code stored} in the store is of this kind. */
    public boolean holds(byte[] stored) {
      return stored[0] == first;
    }

    private byte[] end() {
      return new byte[] {(byte) (first + 1)};
    }
  }

  /** The rows of {@code kind} in {@code store}. */
  public Table(KeyValueStore<byte[], byte[]> store, Kind kind) {
    this.store = store;
    this.kind = kind;
  }

  /** The value of {@code key}; null when there is none. */
  public byte[] get(byte[] key) {
    return store.get(kind.key(key));
  }

  /** Writes a row. */
  public void put(byte[] key, byte[] value) {
    store.put(kind.key(key), value);
  }

  /** Removes a row; the answer is what it was, null when there was none. */
  public byte[] delete(byte[] key) {
    return store.delete(kind.key(key));
  }

  /** Rows with keys between the two, both inclusive, in order; to be closed. */
  public KeyValueIterator<byte[], byte[]> range(byte[] from, byte[] to) {
    return new Rows(store.range(kind.key(from), kind.key(to)));
  }

  /** All rows in order; to be closed. */
  public KeyValueIterator<byte[], byte[]> all() {
    return new Rows(store.range(kind.key(new byte[0]), kind.end()));
  }

  /** Takes the kind from the keys. */
  private record Rows(KeyValueIterator<byte[], byte[]> stored)
      implements KeyValueIterator<byte[], byte[]> {

    @Override
    public boolean hasNext() {
      return stored.hasNext();
    }

    @Override
    public KeyValue<byte[], byte[]> next() {
      KeyValue<byte[], byte[]> row = stored.next();
      return KeyValue.pair(bare(row.key), row.value);
    }

    @Override
    public byte[] peekNextKey() {
      return bare(stored.peekNextKey());
    }

    @Override
    public void close() {
      stored.close();
    }

    private static byte[] bare(byte[] key) {
      return Arrays.copyOfRange(key, 1, key.length);
    }
  }
}
