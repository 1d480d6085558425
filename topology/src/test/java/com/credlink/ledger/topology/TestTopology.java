package com.credlink.ledger.topology;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.audit.TrailKeys;
import com.credlink.ledger.topology.audit.TrailKeys.Group;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.BoundedRocksDb;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import com.credlink.ledger.topology.streams.Table.Kind;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The real topology over its real stores and codecs, one record at a time and with a clock of its
 * own.
 */
final class TestTopology implements AutoCloseable {

  static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

  private static final EventCatalogue CATALOGUE = EventCatalogue.load();

  private static final Set<String> LOG_STORES = Set.of(Stores.TREE, Stores.TRAIL);

  private final SchemaRegistry registry;
  private final EventSerde serde;
  private final StoreCodecs codecs;
  private final AppliedOffsets applied = new AppliedOffsets();
  private final IntegrityFaults faults = new IntegrityFaults();
  private final SigningSettings settings;
  private final List<TestRecord<byte[], byte[]>> log = new ArrayList<>();
  private final Snapshots snapshots = new Snapshots();
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
    properties.put(BoundedRocksDb.MEMORY_CONFIG, 16L * 1024 * 1024);
    this.driver = new TopologyTestDriver(topology(), properties, now);
  }

  /** A fresh one with the same registry, as after the loss of all state. */
  TestTopology rebuilt(Path state, Instant now) {
    return new TestTopology(state, now, settings, registry);
  }

  Topology topology() {
    return LedgerTopology.build(
        serde,
        registry,
        codecs,
        this::replay,
        settings,
        applied,
        new StateChanges(),
        faults,
        snapshots);
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
    log.add(record);
    driver
        .createInputTopic(Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(record);
  }

  private void replay(int partition, long from, long to, Consumer<LogEntry> handler) {
    for (long offset = from; offset < to; offset++) {
      TestRecord<byte[], byte[]> record = log.get(Math.toIntExact(offset));
      LogValue value = LogValue.read(serde, record.value());
      handler.accept(
          new LogEntry(new Position(partition, offset), record.key(), record.timestamp(), value));
    }
  }

  /** The records that were appended. */
  List<LogRecord> log() {
    List<LogRecord> records = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : log) {
      records.add(
          new LogRecord(
              new Position(0, records.size()),
              record.key(),
              record.value(),
              record.timestamp(),
              List.of()));
    }
    return records;
  }

  /** The stores as they are now. */
  Snapshot snapshot() {
    CompletableFuture<Snapshot> asked = snapshots.of(0);
    driver.advanceWallClockTime(Snapshots.LOOK);
    return asked.join();
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
  List<TrailRow> trail() {
    List<TrailRow> found = new ArrayList<>();
    for (Group group : Group.values()) {
      try (var rows =
          trailStore()
              .range(TrailKeys.row(group, 0), TrailKeys.row(group, Long.MAX_VALUE), false)) {
        rows.forEachRemaining(row -> found.add(trailRow(row.key, row.value)));
      }
    }
    return found;
  }

  private TrailRow trailRow(byte[] key, byte[] row) {
    Position position = new Position(0, Keys.trailingNumber(key));
    byte[] verdict = table(Kind.INTAKE).get(IntakeKeys.verdict(position.offset()));
    return TrailRow.of(
        position,
        row,
        serde,
        verdict == null ? DeliveryVerdict.FRESH : codecs.verdict().deserialize(verdict));
  }

  /** The trail's store, for reading. */
  LogStore trailStore() {
    return logStore(Stores.TRAIL);
  }

  /** A store of the log, for reading. */
  LogStore logStore(String name) {
    return (LogStore) driver.getStateStore(name);
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

  /** A table, for reading. */
  Table table(Kind kind) {
    return new Table(driver.getKeyValueStore(Stores.STATE), kind);
  }

  /** Every row of a table, keys and values as text. */
  Map<String, String> rows(Kind table) {
    return text(table(table).all());
  }

  /** Every row of a store, keys and values as text. */
  Map<String, String> rows(String store) {
    return text(all(store));
  }

  private static Map<String, String> text(KeyValueIterator<byte[], byte[]> all) {
    Map<String, String> rows = new TreeMap<>();
    try (all) {
      all.forEachRemaining(row -> rows.put(Arrays.toString(row.key), Arrays.toString(row.value)));
    }
    return rows;
  }

  List<byte[]> values(Kind table) {
    List<byte[]> values = new ArrayList<>();
    try (var all = table(table).all()) {
      all.forEachRemaining(row -> values.add(row.value));
    }
    return values;
  }

  private KeyValueIterator<byte[], byte[]> all(String store) {
    return LOG_STORES.contains(store)
        ? logStore(store).range(new byte[0], Keys.last(new byte[] {(byte) 0xff}), false)
        : driver.<byte[], byte[]>getKeyValueStore(store).all();
  }

  IntegrityFaults faults() {
    return faults;
  }

  AppliedOffsets applied() {
    return applied;
  }

  @Override
  public void close() {
    driver.close();
  }
}
