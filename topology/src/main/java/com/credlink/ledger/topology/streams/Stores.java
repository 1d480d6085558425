package com.credlink.ledger.topology.streams;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** Every store. Keys and values are bytes; {@link Keys} and the folds give them meaning. */
public final class Stores {

  /**
   * What the folds know, in {@linkplain Table tables}. Cached: a row is written to the changelog
   * once a commit instead of once a change. So it is not queried by range: such a query looks past
   * the cache, and a list would lack what the same caller already finds by its id.
   */
  public static final String STATE = "state";

  /** Requests of a tenant in the order of the log. Queried by range, so not cached. */
  public static final String SIGNING_BY_TENANT = "signing-by-tenant";

  /** Every fact, by offset, by tenant and by id: a store of the log. */
  public static final String TRAIL = "trail";

  /** The Merkle tree of the partition: a store of the log. */
  public static final String TREE = "tree";

  private static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(64 * 1024 * 1024),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.5");

  private Stores() {}

  /** A new builder of the store: never hand out one twice. */
  public static StoreBuilder<KeyValueStore<byte[], byte[]>> builder(String name) {
    return name.equals(STATE)
        ? new QueryableState.Builder(name, CHANGELOG)
        : org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                QueryableRocksDb.Supplier.uncached(name), Serdes.ByteArray(), Serdes.ByteArray())
            .withLoggingEnabled(CHANGELOG)
            .withCachingDisabled();
  }
}
