package com.credlink.ledger.topology;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StoredTrailRow;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireException;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The real topology over its real stores and codecs, one record at a time and with a clock of its
 * own.
 */
final class TestTopology implements AutoCloseable {

  static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

  private static final EventCatalogue CATALOGUE = EventCatalogue.load();

  private final SchemaRegistry registry;
  private final EventSerde serde;
  private final StoreCodecs codecs;
  private final AppliedOffsets applied = new AppliedOffsets();
  private final SigningSettings settings;
  private final TopologyTestDriver driver;

  TestTopology(Path state) {
    this(state, START, SigningSettings.DEFAULT);
  }

  /**
   * A topology of its own.
   *
   * @param now what its clock shows at first
   */
  TestTopology(Path state, Instant now, SigningSettings settings) {
    this(state, now, settings, new NumberedSchemas());
  }

  TestTopology(Path state, Instant now, SigningSettings settings, SchemaRegistry registry) {
    this.registry = registry;
    this.serde = new EventSerde(CATALOGUE, registry, Registration.REGISTER, Topics.EVENTS);
    this.codecs = new StoreCodecs(CATALOGUE, registry, Registration.REGISTER);
    this.settings = settings;
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, LedgerTopology.APPLICATION_ID);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    this.driver = new TopologyTestDriver(topology(), properties, now);
  }

  /** A fresh one with the same registry, as after the loss of all state. */
  TestTopology rebuilt(Path state, Instant now) {
    return new TestTopology(state, now, settings, registry);
  }

  Topology topology() {
    return LedgerTopology.build(serde, codecs, settings, applied, new StateChanges());
  }

  /** Puts a fact at the end of the log. */
  void append(LedgerEvent event) {
    append(
        new TestRecord<>(
            event.tenant().getBytes(StandardCharsets.UTF_8),
            serde.serialize(event),
            event.header().recordedAt()));
  }

  /** Puts whatever it is at the end of the log. */
  void appendBytes(String key, byte[] value) {
    append(new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, START));
  }

  /** Puts a record at the end of the log, with or without key and value. */
  void append(TestRecord<byte[], byte[]> record) {
    driver
        .createInputTopic(Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(record);
  }

  /** Lets time pass. */
  void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  List<byte[]> sent(String topic) {
    return records(topic).stream().map(TestRecord::value).toList();
  }

  /** What was sent since the last look, with keys and headers. */
  List<TestRecord<byte[], byte[]>> records(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
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

  /** Jobs of both kinds on the standard lane. */
  List<Job> jobs() {
    return sent(Topics.JOBS_STANDARD).stream().map(this::job).toList();
  }

  private Job job(byte[] value) {
    try {
      return codecs.fetchJob().deserialize(value);
    } catch (WireException.OtherType e) {
      return codecs.signJob().deserialize(value);
    }
  }

  List<SigningStatus> statuses() {
    return sent(Topics.STATUS).stream().map(codecs.status()::deserialize).toList();
  }

  /** Appends what is proposed, as the clerk does, until nothing more is. */
  void clerk() {
    for (List<LedgerEvent> proposed = proposals(); !proposed.isEmpty(); proposed = proposals()) {
      proposed.forEach(this::append);
    }
  }

  /** The trail's rows, facts of access first, each in the order of the log. */
  List<StoredTrailRow> trail() {
    return values(Stores.TRAIL).stream().map(codecs.trailRow()::deserialize).toList();
  }

  EventSerde serde() {
    return serde;
  }

  SchemaRegistry registry() {
    return registry;
  }

  StoreCodecs codecs() {
    return codecs;
  }

  /** A store, for reading. */
  KeyValueStore<byte[], byte[]> store(String name) {
    return driver.getKeyValueStore(name);
  }

  /** Every row of a store, keys and values as text. */
  Map<String, String> rows(String store) {
    Map<String, String> rows = new TreeMap<>();
    try (var all = store(store).all()) {
      all.forEachRemaining(row -> rows.put(Arrays.toString(row.key), Arrays.toString(row.value)));
    }
    return rows;
  }

  List<byte[]> values(String store) {
    List<byte[]> values = new ArrayList<>();
    try (var all = store(store).all()) {
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
