package com.credlink.ledger.topology;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.wire.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * The real topology over its real stores and codecs, one record at a time and with a clock of its
 * own.
 */
final class TestTopology implements AutoCloseable {

  static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

  private final EventCatalogue catalogue = EventCatalogue.load();
  private final NumberedSchemas registry = new NumberedSchemas();
  private final EventSerde serde =
      new EventSerde(catalogue, registry, Registration.REGISTER, Topics.EVENTS);
  private final StoreCodecs codecs = new StoreCodecs(catalogue, registry, Registration.REGISTER);
  private final AppliedOffsets applied = new AppliedOffsets();
  private final TopologyTestDriver driver;

  TestTopology(Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, LedgerTopology.APPLICATION_ID);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    this.driver = new TopologyTestDriver(topology(), properties, START);
  }

  Topology topology() {
    return LedgerTopology.build(
        serde, codecs, SigningSettings.DEFAULT, applied, new StateChanges());
  }

  /** Puts a fact at the end of the log. */
  void append(LedgerEvent event) {
    appendBytes(event.tenant(), serde.serialize(event));
  }

  /** Puts whatever it is at the end of the log. */
  void appendBytes(String key, byte[] value) {
    driver
        .createInputTopic(Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key.getBytes(StandardCharsets.UTF_8), value, START);
  }

  /** Lets time pass. */
  void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  List<byte[]> sent(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readValuesToList();
  }

  List<LedgerEvent> proposals() {
    List<LedgerEvent> events = new ArrayList<>();
    for (byte[] value : sent(Topics.PROPOSALS)) {
      if (serde.deserialize(value) instanceof StoredEvent.Known known) {
        events.add(known.event());
      }
    }
    return events;
  }

  List<FetchJob> fetchJobs() {
    return sent(Topics.JOBS_STANDARD).stream().map(codecs.fetchJob()::deserialize).toList();
  }

  List<SignJob> signJobs() {
    return sent(Topics.JOBS_STANDARD).stream().map(codecs.signJob()::deserialize).toList();
  }

  List<SigningStatus> statuses() {
    return sent(Topics.STATUS).stream().map(codecs.status()::deserialize).toList();
  }

  StoreCodecs codecs() {
    return codecs;
  }

  /** Every row of a store, keys and values in hex and in order. */
  Map<String, String> rows(String store) {
    Map<String, String> rows = new TreeMap<>();
    try (var all = driver.<byte[], byte[]>getKeyValueStore(store).all()) {
      all.forEachRemaining(row -> rows.put(Arrays.toString(row.key), Arrays.toString(row.value)));
    }
    return rows;
  }

  List<byte[]> values(String store) {
    List<byte[]> values = new ArrayList<>();
    try (var all = driver.<byte[], byte[]>getKeyValueStore(store).all()) {
      all.forEachRemaining(row -> values.add(row.value));
    }
    return values;
  }

  AppliedOffsets applied() {
    return applied;
  }

  @Override
  public void close() {
    driver.close();
  }
}
