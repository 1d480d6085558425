package com.credlink.ledger.topology.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.RocksDBStore;

/**
 * Kafka's RocksDB store with one order of its locks.
 *
 * <p>In 4.3.1 a write takes the store's lock and then the position's, an interactive query takes
 * them the other way round: a query beside a write stops both for ever (KAFKA-19629, mended after
 * 4.3.1). Remove this class with the release that has the fix.
 */
final class QueryableRocksDb extends RocksDBStore {

  private static final String METRICS_SCOPE = "rocksdb";

  private QueryableRocksDb(String name) {
    super(name, METRICS_SCOPE);
  }

  @Override
  public synchronized <R> QueryResult<R> query(
      Query<R> query, PositionBound positionBound, QueryConfig config) {
    return super.query(query, positionBound, config);
  }

  /** Makes the store called {@code name}. */
  record Supplier(String name) implements KeyValueBytesStoreSupplier {

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new QueryableRocksDb(name);
    }

    @Override
    public String metricsScope() {
      return METRICS_SCOPE;
    }
  }
}
