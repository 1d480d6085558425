package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException.NotAppended;
import com.credlink.ledger.log.AppendException.TooLarge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

  /** Long enough that a busy machine does not fail an append that should work. */
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static KafkaNode node;
  private static KafkaConnection connection;
  private static Topics topics;

  @BeforeAll
  static void startBroker() {
    node = KafkaNode.start(KafkaNode.Settings.in(directory));
    connection = KafkaConnection.plain(node.bootstrap());
    topics = node.topics();
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(topics);
    }
  }

  @AfterAll
  static void stopBroker() {
    node.close();
  }

  @Test
  void shouldNumberFactsWithoutAGapAndKeepEachTenantInOnePartitionInOrder() {
    try (Ledger ledger = ledger(Events.ids());
        LedgerReader reader = new LedgerReader(connection)) {
      long[] before = IntStream.range(0, topics.partitions()).mapToLong(reader::end).toArray();
      Map<String, CompletableFuture<Position>> appended = new LinkedHashMap<>();
      for (int i = 0; i < 5_000; i++) {
        String id = "tenant-%d/%d".formatted(i % 17, i);
        appended.put(id, ledger.append(Events.started("tenant-" + i % 17, id)));
      }
      Map<Position, String> acknowledged =
          appended.entrySet().stream()
              .collect(Collectors.toMap(entry -> entry.getValue().join(), Map.Entry::getKey));

      Map<Position, String> read = new LinkedHashMap<>();
      for (int partition = 0; partition < topics.partitions(); partition++) {
        long end = reader.end(partition);
        List<Long> offsets = new ArrayList<>();
        reader.replay(
            partition,
            before[partition],
            end,
            record -> {
              offsets.add(record.position().offset());
              read.put(record.position(), new String(record.value(), UTF_8));
            });
        assertThat(offsets).isEqualTo(LongStream.range(before[partition], end).boxed().toList());
      }
      assertThat(read).isEqualTo(acknowledged);
      Map<String, List<String>> byTenant =
          read.values().stream().collect(Collectors.groupingBy(LedgerTest::tenantOf));
      assertThat(byTenant).hasSize(17);
      byTenant.forEach(
          (tenant, ids) ->
              assertThat(ids)
                  .as(tenant)
                  .isEqualTo(
                      appended.keySet().stream()
                          .filter(id -> id.startsWith(tenant + "/"))
                          .toList()));
      assertThat(acknowledged)
          .allSatisfy(
              (position, id) ->
                  assertThat(position.partition())
                      .isEqualTo(Topics.partition(tenantOf(id), topics.partitions())));
    }
  }

  @Test
  void shouldMakeKeyTimestampAndHeadersFromTheValue() {
    LedgerEvent event =
        Events.started(
            "envelope",
            "0190c7a0-0000-7000-8000-000000000001",
            Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    try (Ledger ledger = ledger(Events.ids())) {
      Position position = ledger.appendAndWait(event);

      LogRecord record = read(position);
      assertThat(record.key()).isEqualTo("envelope".getBytes(UTF_8));
      assertThat(record.timestamp()).isEqualTo(Events.RECORDED.toEpochMilli());
      assertThat(text(record.headers()))
          .containsExactly(
              "ce_specversion=1.0",
              "ce_id=0190c7a0-0000-7000-8000-000000000001",
              "ce_source=node",
              "ce_type=NodeStarted",
              "ce_time=2026-03-01T10:00:00.123456Z",
              "traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      assertThat(RecordEnvelope.of(event).deviation(record, topics.partitions())).isEmpty();
    }
  }

  @Test
  void shouldFindWhateverDeviatesFromTheValue() {
    LedgerEvent event = Events.started("envelope", "1");
    RecordEnvelope envelope = RecordEnvelope.of(event);
    Position position = new Position(envelope.partition(4), 0);
    LogRecord good =
        new LogRecord(
            position, envelope.key(), new byte[1], envelope.timestamp(), envelope.headers());
    assertThat(envelope.deviation(good, 4)).isEmpty();

    LogRecord key =
        new LogRecord(
            position, new byte[1], good.value(), envelope.timestamp(), envelope.headers());
    LogRecord partition =
        new LogRecord(
            new Position((position.partition() + 1) % 4, 0),
            good.key(),
            good.value(),
            envelope.timestamp(),
            envelope.headers());
    LogRecord time =
        new LogRecord(
            position, good.key(), good.value(), envelope.timestamp() + 1, envelope.headers());
    LogRecord headers =
        new LogRecord(
            position,
            good.key(),
            good.value(),
            envelope.timestamp(),
            envelope.headers().subList(1, 5));
    assertThat(envelope.deviation(key, 4)).contains("the key is not the event's tenant");
    assertThat(envelope.deviation(partition, 4))
        .contains("the record is not in its tenant's partition");
    assertThat(envelope.deviation(time, 4)).contains("the timestamp is not the event's recordedAt");
    assertThat(envelope.deviation(headers, 4)).contains("the headers are not those of the event");
  }

  @Test
  void shouldTakeTheLargestEventAndRefuseOneByteMore() {
    LedgerEvent event = Events.started("large", "large");
    try (Ledger largest = ledger(Events.ofSize(Ledger.MAX_VALUE_BYTES));
        Ledger larger = ledger(Events.ofSize(Ledger.MAX_VALUE_BYTES + 1))) {
      assertThat(read(largest.appendAndWait(event)).value()).hasSize(Ledger.MAX_VALUE_BYTES);

      TooLarge refusal = catchThrowableOfType(TooLarge.class, () -> larger.appendAndWait(event));
      assertThat(refusal.bytes()).isEqualTo(Ledger.MAX_VALUE_BYTES + 1);
      assertThat(refusal.limit()).isEqualTo(Ledger.MAX_VALUE_BYTES);
    }
  }

  @Test
  void shouldRefuseWhatTheHeadersMakeTooLarge() {
    LedgerEvent event =
        Events.started("large", "large", Optional.of("x".repeat(Topics.MAX_MESSAGE_BYTES)));
    try (Ledger ledger = ledger(Events.ids())) {
      assertThatThrownBy(() -> ledger.appendAndWait(event)).isInstanceOf(TooLarge.class);
    }
  }

  @Test
  void shouldSayThatNothingWasAppendedWhenTheEventCannotBeEncoded() {
    EventEncoder broken =
        _ -> {
          throw new IllegalStateException("no registry");
        };
    try (Ledger ledger = ledger(broken)) {
      assertThatThrownBy(() -> ledger.appendAndWait(Events.started("t", "1")))
          .isInstanceOf(NotAppended.class)
          .hasMessageContaining("no registry");
    }
  }

  @Test
  void shouldSayThatNothingWasAppendedAfterItWasClosed() {
    Ledger ledger = ledger(Events.ids());
    ledger.close();

    assertThatThrownBy(() -> ledger.appendAndWait(Events.started("t", "1")))
        .isInstanceOf(NotAppended.class);
  }

  @Test
  void shouldFailWithinTheDeadlineWhenTheBrokerIsAwayAndComeBackWithIt(@TempDir Path other) {
    Duration deadline = Duration.ofSeconds(1);
    KafkaNode.Settings settings = KafkaNode.Settings.in(other);
    KafkaNode first = KafkaNode.start(settings);
    int port = first.port();
    KafkaConnection there = KafkaConnection.plain(first.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(there)) {
      admin.create(topics);
    }
    LedgerConfig config = LedgerConfig.of(there, topics).withDeadline(deadline);
    try (Ledger known = new Ledger(config, Events.ids());
        Ledger fresh = new Ledger(config.withClientId("fresh"), Events.ids())) {
      known.appendAndWait(Events.started("t", "1"));
      first.close();

      // What a writer that knows the log can say depends on what the broker told it while it left.
      assertThat(failureWithin(deadline, known)).isNotInstanceOf(TooLarge.class);
      assertThat(failureWithin(deadline, fresh)).isInstanceOf(NotAppended.class);

      try (KafkaNode _ = KafkaNode.start(settings.onPort(port));
          LedgerReader reader = new LedgerReader(there)) {
        await()
            .ignoreExceptionsInstanceOf(AppendException.class)
            .untilAsserted(() -> known.appendAndWait(Events.started("t", "2")));
        Position last = known.appendAndWait(Events.started("t", "3"));
        List<String> ids = new ArrayList<>();
        reader.replay(
            last.partition(),
            0,
            last.offset() + 1,
            record -> ids.add(new String(record.value(), UTF_8)));
        assertThat(ids).startsWith("1").endsWith("3");
        assertThat(Collections.frequency(ids, "1")).isEqualTo(1);
      }
    }
  }

  @Test
  void shouldNameTheOffsetThatATransactionMarkerTook() throws Exception {
    int partition = 1;
    String topic = Topics.QUARANTINE;
    try (KafkaProducer<byte[], byte[]> producer = transactional("marker");
        LedgerReader reader = new LedgerReader(connection, topic, PATIENT)) {
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, partition, new byte[1], new byte[1])).get();
      assertThatThrownBy(() -> reader.replay(partition, 0, 1, _ -> {}))
          .isInstanceOfSatisfying(
              IntegrityFault.OpenTransaction.class,
              fault -> assertThat(fault.position()).isEqualTo(new Position(partition, 0)));
      producer.commitTransaction();

      // The marker is written after the commit was answered.
      await().until(() -> reader.end(partition) == 2);
      long end = 2;
      assertThatThrownBy(() -> reader.replay(partition, 0, end, _ -> {}))
          .isInstanceOfSatisfying(
              IntegrityFault.Gap.class,
              fault -> assertThat(fault.position()).isEqualTo(new Position(partition, 1)));

      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, partition, new byte[1], new byte[1])).get();
      producer.commitTransaction();
      await().until(() -> reader.end(partition) == 4);
      assertThatThrownBy(() -> reader.replay(partition, 0, 4, _ -> {}))
          .isInstanceOf(IntegrityFault.Gap.class)
          .hasMessageContaining("offset 1");
    }
  }

  @Test
  void shouldTellThatTheBeginningOrTheEndOfTheLogIsGone() throws Exception {
    TopicPartition partition = new TopicPartition(Topics.CHECKPOINTS, 0);
    try (KafkaProducer<byte[], byte[]> producer = plain();
        LedgerReader reader = new LedgerReader(connection, Topics.CHECKPOINTS, PATIENT);
        Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrap()))) {
      for (int i = 0; i < 3; i++) {
        producer.send(new ProducerRecord<>(partition.topic(), 0, new byte[1], new byte[1])).get();
      }
      producer.send(new ProducerRecord<>(partition.topic(), 0, new byte[1], null)).get();

      assertThatThrownBy(() -> reader.replay(0, 0, 5, _ -> {}))
          .isInstanceOfSatisfying(
              IntegrityFault.EndLost.class,
              fault -> assertThat(fault.position()).isEqualTo(new Position(0, 4)));
      assertThatThrownBy(() -> reader.replay(0, 0, 4, _ -> {}))
          .isInstanceOfSatisfying(
              IntegrityFault.NoContent.class,
              fault -> assertThat(fault.position()).isEqualTo(new Position(0, 3)));

      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
      assertThat(reader.start(0)).isEqualTo(2);
      assertThatThrownBy(() -> reader.replay(0, 0, 3, _ -> {}))
          .isInstanceOf(IntegrityFault.StartLost.class);
      List<Long> offsets = new ArrayList<>();
      reader.replay(0, 2, 3, record -> offsets.add(record.position().offset()));
      assertThat(offsets).containsExactly(2L);
    }
  }

  private static AppendException failureWithin(Duration deadline, Ledger ledger) {
    long start = System.nanoTime();
    AppendException failure =
        catchThrowableOfType(
            AppendException.class, () -> ledger.appendAndWait(Events.started("t", "away")));
    // Room for a machine that does other things; the point is that it is not a multiple.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(deadline.multipliedBy(2));
    return failure;
  }

  private static String tenantOf(String id) {
    return id.substring(0, id.indexOf('/'));
  }

  private static Ledger ledger(EventEncoder encoder) {
    return new Ledger(LedgerConfig.of(connection, topics).withDeadline(PATIENT), encoder);
  }

  private static LogRecord read(Position position) {
    List<LogRecord> records = new ArrayList<>();
    try (LedgerReader reader = new LedgerReader(connection)) {
      reader.replay(position.partition(), position.offset(), position.offset() + 1, records::add);
    }
    return records.getFirst();
  }

  private static List<String> text(List<LogRecord.Header> headers) {
    return headers.stream()
        .map(header -> header.name() + "=" + new String(header.value().toArray(), UTF_8))
        .toList();
  }

  private static KafkaProducer<byte[], byte[]> plain() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", node.bootstrap()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static KafkaProducer<byte[], byte[]> transactional(String id) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", node.bootstrap(), "transactional.id", id),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }
}
