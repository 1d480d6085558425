package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail is a fold of the log: whatever is lost of the state, it comes out the same. */
class TrailRecoveryTest {

  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;
  private static final TrailView.Filter ALL =
      new TrailView.Filter(Set.of(), true, Optional.empty(), Optional.empty());

  @TempDir private static Path directory;
  private static KafkaNode broker;
  private static KafkaConnection connection;
  private static NumberedSchemas registry;
  private static EventSerde serde;
  private static StoreCodecs codecs;

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaNode.start(KafkaNode.Settings.in(directory.resolve("broker")));
    connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
    EventCatalogue catalogue = EventCatalogue.load();
    registry = new NumberedSchemas();
    serde = new EventSerde(catalogue, registry, Topics.EVENTS);
    codecs = new StoreCodecs(catalogue, registry, Registration.REGISTER);
    Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      beginning.put(new TopicPartition(Topics.EVENTS, partition), new OffsetAndMetadata(0));
      beginning.put(new TopicPartition(Topics.BINDINGS, partition), new OffsetAndMetadata(0));
    }
    try (Admin admin = Admin.create(connection.with(Map.of()))) {
      admin.alterConsumerGroupOffsets(LedgerTopology.APPLICATION_ID, beginning).all().get();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void shouldComeOutTheSameWhateverOfTheStateIsLost() throws Exception {
    List<Position> ends = append(new Facts("one"), new Facts("another"), new Facts("a third"));
    List<TrailRow> before = trailAfter(ends);
    assertThat(before).hasSize(3 * 41).extracting(TrailRow::duplicateOf).contains(Optional.empty());

    lose("trail");
    assertThat(trailAfter(ends)).as("the trail was lost").isEqualTo(before);

    lose(LedgerTopology.APPLICATION_ID);
    assertThat(trailAfter(ends)).as("all but the trail was lost").isEqualTo(before);

    lose("trail");
    lose(LedgerTopology.APPLICATION_ID);
    assertThat(trailAfter(ends)).as("everything was lost").isEqualTo(before);
  }

  /** A fact in the log twice is among them, and facts enough to cross several fetches. */
  private static List<Position> append(Facts... tenants) throws Exception {
    List<Position> ends = new ArrayList<>();
    try (Ledger ledger =
        new Ledger(
            LedgerConfig.of(connection, broker.topics()).withDeadline(PATIENT), serde::serialize)) {
      for (Facts facts : tenants) {
        LedgerEvent twice = facts.requested("twice");
        ledger.appendAndWait(twice);
        for (int i = 0; i < 39; i++) {
          ledger.appendAndWait(facts.requested("r" + i));
        }
        ends.add(ledger.appendAndWait(twice));
      }
    }
    return ends;
  }

  private static List<TrailRow> trailAfter(List<Position> ends) throws Exception {
    AppliedOffsets applied = new AppliedOffsets();
    try (StreamsNode streams = streams(applied)) {
      assertThat(streams.awaitRunning(PATIENT)).isTrue();
      for (Position end : ends) {
        assertThat(applied.await(end, PATIENT)).as("folded up to %s", end).isTrue();
      }
      StoreQueries stores = new StoreQueries(streams.streams());
      Map<Integer, Long> until = new HashMap<>();
      IntStream.range(0, PARTITIONS).forEach(p -> until.put(p, Long.MAX_VALUE));
      return new TrailView(stores, serde, codecs, PARTITIONS)
          .ofAll(ALL, false, 500, Map.of(), until)
          .rows();
    }
  }

  private static StreamsNode streams(AppliedOffsets applied) {
    return StreamsNode.start(
        LedgerTopology.build(
            serde,
            registry,
            codecs,
            LogSource.of(connection, serde),
            SigningSettings.DEFAULT,
            applied,
            new StateChanges(),
            new IntegrityFaults(),
            new Snapshots()),
        new StreamsNode.Settings(
            LedgerTopology.APPLICATION_ID,
            connection,
            directory.resolve("state"),
            "node-1",
            1,
            1,
            16L * 1024 * 1024,
            true,
            "127.0.0.1:1"));
  }

  private static void lose(String part) throws IOException {
    Path lost = directory.resolve("state").resolve(part);
    assertThat(lost).isDirectory();
    try (Stream<Path> files = Files.walk(lost)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
