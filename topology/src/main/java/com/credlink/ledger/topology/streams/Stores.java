package com.credlink.ledger.topology.streams;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** Every store. Keys and values are bytes; {@link Keys} and the folds give them meaning. */
public final class Stores {

  /** Last offset applied, one row. */
  public static final String APPLIED = "applied";

  /** First delivery of each webhook id and of each body, bound resources, installed shops. */
  public static final String INTAKE = "intake";

  /** State of each signing request. */
  public static final String SIGNING = "signing";

  /**
   * Requests of a tenant in the order of the log. Not cached: a range in an interactive query looks
   * past the cache, so what a list is made from must be in the store at once.
   */
  public static final String SIGNING_BY_TENANT = "signing-by-tenant";

  /** First request of each idempotency key; pending requests of each tenant. */
  public static final String ADMISSION = "admission";

  /** State of each image that a webhook named. */
  public static final String IMAGES = "images";

  /** Jobs out and waiting, by tenant and lane. */
  public static final String LANES = "lanes";

  /** What time will decide. */
  public static final String DUE = "due";

  /** Every fact, by offset, by tenant and by id: a store of the log. */
  public static final String TRAIL = "trail";

  /** The Merkle tree of the partition: a store of the log. */
  public static final String TREE = "tree";

  /**
   * Stores whose rows change often: the cache writes each row to the changelog once a commit
   * instead of once a change. None of them is queried by range: such a query passes by the cache,
   * so that a list would lack what the same caller already finds by its id.
   */
  private static final Set<String> CACHED = Set.of(APPLIED, SIGNING, ADMISSION, LANES);

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
    StoreBuilder<KeyValueStore<byte[], byte[]>> builder =
        org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                new QueryableRocksDb.Supplier(name), Serdes.ByteArray(), Serdes.ByteArray())
            .withLoggingEnabled(CHANGELOG);
    return CACHED.contains(name) ? builder.withCachingEnabled() : builder.withCachingDisabled();
  }
}
