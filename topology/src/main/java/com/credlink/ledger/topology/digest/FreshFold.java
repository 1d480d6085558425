package com.credlink.ledger.topology.digest;

import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.audit.TakenSnapshot;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.BoundedRocksDb;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.wire.EventSerde;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The topology itself, over stores of its own, fed with the records of one partition: what it holds
 * then follows from them and from nothing else. No time passes in it, so no reminder comes due. It
 * runs in Kafka's driver for one thread without a broker, so that nothing of the topology has to be
 * written twice (ADR 0012).
 */
public final class FreshFold implements AutoCloseable {

  private static final long MEMORY = 64L * 1024 * 1024;

  /** What the topology sends is thrown away this often. */
  private static final int FORGET_EVERY = 1_000;

  private final StoreCodecs codecs;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> log;
  private long size;

  /**
   * A fold of no record.
   *
   * @param directory for its stores; empty
   */
  public FreshFold(EventSerde serde, SchemaRegistry schemas, StoreCodecs codecs, Path directory) {
    this.codecs = codecs;
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, LedgerTopology.APPLICATION_ID);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(BoundedRocksDb.MEMORY_CONFIG, MEMORY);
    this.driver =
        new TopologyTestDriver(
            LedgerTopology.build(
                serde,
                schemas,
                codecs,
                (partition, from, to, handler) -> {
                  throw new IllegalStateException("A fresh fold lacks nothing");
                },
                SigningSettings.DEFAULT,
                new AppliedOffsets(),
                new StateChanges(),
                new IntegrityFaults(),
                new Snapshots()),
            properties,
            Instant.EPOCH);
    this.log =
        driver.createInputTopic(
            Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Folds the next record of the log. */
  public void apply(LogRecord record) {
    if (record.position().offset() != size) {
      throw new IllegalArgumentException(
          "The next record is %d, not %d".formatted(size, record.position().offset()));
    }
    log.pipeInput(
        new TestRecord<>(
            record.key(), record.value(), Instant.ofEpochMilli(Math.max(0, record.timestamp()))));
    size++;
    if (size % FORGET_EVERY == 0) {
      forgetWhatWasSent();
    }
  }

  private void forgetWhatWasSent() {
    for (String topic : driver.producedTopicNames()) {
      var _ =
          driver
              .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
              .readRecordsToList();
    }
  }

  /** Records that were folded. */
  public long size() {
    return size;
  }

  /**
   * What the stores hold now; of at least one record.
   *
   * @param progress told the rows that were read, now and then
   */
  public ProjectionDigest digest(Consumer<Long> progress) {
    LogStore trail = (LogStore) driver.getStateStore(Stores.TRAIL);
    try (Snapshot snapshot =
        TakenSnapshot.of(
                driver.getKeyValueStore(Stores.STATE),
                driver.getKeyValueStore(Stores.SIGNING_BY_TENANT),
                trail)
            .orElseThrow()) {
      return ProjectionDigest.of(snapshot, codecs, progress);
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
