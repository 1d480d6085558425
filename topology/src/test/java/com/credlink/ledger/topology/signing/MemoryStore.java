package com.credlink.ledger.topology.signing;

import com.credlink.ledger.topology.streams.Table;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A table in Kafka's own store in memory, open and empty. */
final class MemoryStore {

  private MemoryStore() {}

  static Table open() {
    KeyValueStore<byte[], byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("store"), Serdes.ByteArray(), Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    return new Table(store, Table.Kind.LANES);
  }
}
