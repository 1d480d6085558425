package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process left open, on a real broker. */
class DeadTransactionsTest {

  private static final String APPLICATION = "projections";
  private static final TopicPartition STATUS = new TopicPartition(Topics.STATUS, 0);
  private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);

  @TempDir private Path directory;

  /** Its own time would be up after an hour. */
  @Test
  void shouldEndOursAtOnceAndLeaveThoseOfOthers() throws Exception {
    try (var broker = KafkaNode.start(KafkaNode.Settings.in(directory))) {
      KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
      try (var topics = new TopicAdmin(connection)) {
        topics.create(broker.topics());
      }
      try (var _ = open(connection, APPLICATION + "-dead");
          var living = open(connection, "another-program");
          var admin = Admin.create(connection.with(Map.of()))) {
        assertThat(stableEnd(admin)).isZero();
        assertThat(isStable(connection, APPLICATION + "-dead")).as("of ours, before").isFalse();

        DeadTransactions.end(connection, APPLICATION);

        assertThat(isStable(connection, "another-program"))
            .as("of the other: still open")
            .isFalse();
        assertThat(isStable(connection, APPLICATION + "-dead")).as("of ours: readable").isTrue();
        living.commitTransaction();
        await("records and markers of both").until(() -> stableEnd(admin) == 4);
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> open(KafkaConnection connection, String id)
      throws Exception {
    var producer =
        new KafkaProducer<>(
            connection.with(Map.of("transactional.id", id, "transaction.timeout.ms", "900000")),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer
        .send(new ProducerRecord<>(STATUS.topic(), STATUS.partition(), new byte[1], new byte[1]))
        .get(30, TimeUnit.SECONDS);
    try (var consumer = consumer(connection, id)) {
      producer.sendOffsetsToTransaction(
          Map.of(EVENTS, new OffsetAndMetadata(7)), consumer.groupMetadata());
    }
    return producer;
  }

  private static long stableEnd(Admin admin) throws Exception {
    return admin
        .listOffsets(
            Map.of(STATUS, OffsetSpec.latest()),
            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .partitionResult(STATUS)
        .get(30, TimeUnit.SECONDS)
        .offset();
  }

  /** Whether the group's offsets can be read; an open transaction makes them unstable. */
  private static boolean isStable(KafkaConnection connection, String group) {
    try (var consumer = consumer(connection, group)) {
      var _ = consumer.committed(Set.of(EVENTS), Duration.ofSeconds(3));
      return true;
    } catch (TimeoutException unstable) {
      return false;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection connection, String group) {
    return new KafkaConsumer<>(
        connection.with(Map.of("group.id", group)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
