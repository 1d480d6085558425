package com.credlink.ledger.topology.streams;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A cached store that is queried by key without waiting for a commit (ADR 0011).
 *
 * <p>Kafka's cache holds its lock while a commit writes its rows to the database and the changelog,
 * and a query by key waits for it. Here such a query is answered by the rows that wait for the
 * commit, else by the database. Everything else is Kafka's own store.
 */
public final class QueryableState
    extends WrappedStateStore<KeyValueStore<byte[], byte[]>, byte[], byte[]>
    implements KeyValueStore<byte[], byte[]> {

  private final QueryableRocksDb database;
  private final UnflushedRows unflushed;

  private QueryableState(
      KeyValueStore<byte[], byte[]> cached, QueryableRocksDb database, UnflushedRows unflushed) {
    super(cached);
    this.database = database;
    this.unflushed = unflushed;
  }

  /** The store behind {@code store}, which Kafka Streams hands to processors in a wrapping. */
  public static QueryableState of(StateStore store) {
    return switch (store) {
      case QueryableState state -> state;
      case WrappedStateStore<?, ?, ?> wrapping -> of(wrapping.wrapped());
      default -> throw new IllegalArgumentException(store.name() + " is another kind of store");
    };
  }

  /**
   * All rows as they are now, in order; to be called by the thread that writes them, and read by
   * any one while it goes on. To be closed.
   */
  public KeyValueIterator<byte[], byte[]> snapshot() {
    return new SnapshotRows(database.all(), unflushed.copy());
  }

  @Override
  @SuppressWarnings("unchecked") // the result of a query by key is a value
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return query instanceof KeyQuery<?, ?> byKey
        ? (QueryResult<R>) QueryResult.forResult(read(Bytes.wrap((byte[]) byKey.getKey())))
        : wrapped().query(query, bound, config);
  }

  private byte[] read(Bytes key) {
    Optional<byte[]> waiting = unflushed.of(key);
    return waiting == null ? database.get(key) : waiting.orElse(null);
  }

  /** What its cache holds and its database does not. */
  UnflushedRows unflushed() {
    return unflushed;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    unflushed.entered(Bytes.wrap(key), value);
    wrapped().put(key, value);
  }

  @Override
  public byte[] putIfAbsent(byte[] key, byte[] value) {
    byte[] present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public void putAll(List<KeyValue<byte[], byte[]>> rows) {
    rows.forEach(row -> put(row.key, row.value));
  }

  @Override
  public byte[] delete(byte[] key) {
    unflushed.entered(Bytes.wrap(key), null);
    return wrapped().delete(key);
  }

  @Override
  public byte[] get(byte[] key) {
    return wrapped().get(key);
  }

  @Override
  public KeyValueIterator<byte[], byte[]> range(byte[] from, byte[] to) {
    return wrapped().range(from, to);
  }

  @Override
  public KeyValueIterator<byte[], byte[]> all() {
    return wrapped().all();
  }

  @Override
  public long approximateNumEntries() {
    return wrapped().approximateNumEntries();
  }

  /** Makes a store for each task. */
  static final class Builder implements StoreBuilder<KeyValueStore<byte[], byte[]>> {

    private final String name;
    private final Map<String, String> changelog;

    Builder(String name, Map<String, String> changelog) {
      this.name = name;
      this.changelog = changelog;
    }

    @Override
    public KeyValueStore<byte[], byte[]> build() {
      UnflushedRows unflushed = new UnflushedRows();
      QueryableRocksDb database = new QueryableRocksDb(name, unflushed);
      return new QueryableState(kafkas(database).build(), database, unflushed);
    }

    private StoreBuilder<KeyValueStore<byte[], byte[]>> kafkas(QueryableRocksDb database) {
      KeyValueBytesStoreSupplier supplier = new QueryableRocksDb.Supplier(name, () -> database);
      return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
              supplier, Serdes.ByteArray(), Serdes.ByteArray())
          .withLoggingEnabled(changelog)
          .withCachingEnabled();
    }

    @Override
    public StoreBuilder<KeyValueStore<byte[], byte[]>> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<KeyValueStore<byte[], byte[]>> withCachingDisabled() {
      throw new UnsupportedOperationException("The store is what it is for its cache.");
    }

    @Override
    public StoreBuilder<KeyValueStore<byte[], byte[]>> withLoggingEnabled(
        Map<String, String> config) {
      return new Builder(name, config);
    }

    @Override
    public StoreBuilder<KeyValueStore<byte[], byte[]>> withLoggingDisabled() {
      throw new UnsupportedOperationException("Without a changelog a crash would lose the store.");
    }

    @Override
    public Map<String, String> logConfig() {
      return changelog;
    }

    @Override
    public boolean loggingEnabled() {
      return true;
    }

    @Override
    public String name() {
      return name;
    }
  }
}
