package com.credlink.ledger.topology.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.RocksDBStore;

/**
 * Kafka's RocksDB store with one order of its locks, which says what it has written.
 *
 * <p>In 4.3.1 a write takes the store's lock and then the position's, an interactive query takes
 * them the other way round: a query beside a write stops both for ever (KAFKA-19629, mended after
 * 4.3.1). Remove {@link #query} with the release that has the fix.
 */
final class QueryableRocksDb extends RocksDBStore {

  private static final String METRICS_SCOPE = "rocksdb";

  private final UnflushedRows unflushed;

  QueryableRocksDb(String name, UnflushedRows unflushed) {
    super(name, METRICS_SCOPE);
    this.unflushed = unflushed;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    unflushed.clear();
    super.init(context, root);
  }

  /** Every write of a store with a cache comes by here: its rows one by one, removals as null. */
  @Override
  public synchronized void put(Bytes key, byte[] value) {
    super.put(key, value);
    unflushed.flushed(key);
  }

  @Override
  public synchronized <R> QueryResult<R> query(
      Query<R> query, PositionBound positionBound, QueryConfig config) {
    return super.query(query, positionBound, config);
  }

  @Override
  public synchronized void close() {
    super.close();
    unflushed.clear();
  }

  /** Makes the stores called {@code name}. */
  record Supplier(String name, java.util.function.Supplier<QueryableRocksDb> stores)
      implements KeyValueBytesStoreSupplier {

    /** Stores without a cache. */
    static Supplier uncached(String name) {
      return new Supplier(name, () -> new QueryableRocksDb(name, new UnflushedRows()));
    }

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return stores.get();
    }

    @Override
    public String metricsScope() {
      return METRICS_SCOPE;
    }
  }
}
