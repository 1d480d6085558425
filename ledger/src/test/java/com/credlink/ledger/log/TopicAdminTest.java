package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.log.TopicAdmin.Deviation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicAdminTest {

  @TempDir Path directory;

  @Test
  void shouldMakeWhatIsMissingAndReportWhatDeviates() throws Exception {
    try (KafkaNode node =
            KafkaNode.start(KafkaNode.Settings.in(directory).surviving(Durability.POWER));
        TopicAdmin topicAdmin = new TopicAdmin(KafkaConnection.plain(node.bootstrap()));
        Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrap()))) {
      Topics topics = node.topics();

      assertThat(topicAdmin.check(topics))
          .contains(new Deviation("topic ledger.events", "exists", "true", "false"))
          .contains(
              new Deviation(
                  "group ledger-signers", "share.auto.offset.reset", "earliest", "latest"));

      assertThat(topicAdmin.create(topics)).hasSize(topics.all().size());
      assertThat(topicAdmin.check(topics)).isEmpty();
      assertThat(topicAdmin.create(topics)).isEmpty();

      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS),
                  List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1000"), OpType.SET)),
                  new ConfigResource(ConfigResource.Type.GROUP, Topics.SIGNERS),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.isolation.level", "read_uncommitted"),
                          OpType.SET))))
          .all()
          .get();
      admin.createPartitions(Map.of(Topics.STATUS, NewPartitions.increaseTo(5))).all().get();

      await()
          .untilAsserted(
              () ->
                  assertThat(topicAdmin.check(topics))
                      .containsExactly(
                          new Deviation("topic ledger.events", "retention.ms", "-1", "1000"),
                          new Deviation("topic signing.status", "partitions", "4", "5"),
                          new Deviation(
                              "group ledger-signers",
                              "share.isolation.level",
                              "read_committed",
                              "read_uncommitted")));
    }
  }

  @Test
  void shouldFlushALogAsItsDurabilityOfTodaySays() {
    try (KafkaNode node = KafkaNode.start(KafkaNode.Settings.in(directory));
        TopicAdmin topicAdmin = new TopicAdmin(KafkaConnection.plain(node.bootstrap()))) {
      Topics process = node.topics();
      Topics power = Topics.embedded(process.partitions(), Durability.POWER);
      topicAdmin.create(process);
      assertThat(topicAdmin.flushing(power))
          .contains(
              new Deviation(
                  "topic ledger.events", "flush.messages", "1", Long.toString(Long.MAX_VALUE)));

      topicAdmin.settleDurability(power);
      assertThat(topicAdmin.check(power)).isEmpty();

      topicAdmin.settleDurability(process);
      assertThat(topicAdmin.check(process)).isEmpty();
    }
  }

  @Test
  void shouldGiveASignerTheJobsThatWaitedForItAndHideThoseOfAGivenUpTransaction() throws Exception {
    try (KafkaNode node = KafkaNode.start(KafkaNode.Settings.in(directory));
        TopicAdmin topicAdmin = new TopicAdmin(KafkaConnection.plain(node.bootstrap()))) {
      topicAdmin.create(node.topics());
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", node.bootstrap(), "transactional.id", "jobs"),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(job("given up")).get();
        producer.abortTransaction();
        producer.beginTransaction();
        producer.send(job("wanted")).get();
        producer.commitTransaction();
      }

      try (KafkaShareConsumer<byte[], byte[]> signer =
          new KafkaShareConsumer<>(
              Map.of("bootstrap.servers", node.bootstrap(), "group.id", Topics.SIGNERS),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer())) {
        signer.subscribe(List.of(Topics.JOBS_STANDARD));
        List<String> jobs = new ArrayList<>();
        await()
            .until(
                () -> {
                  signer
                      .poll(Duration.ofMillis(100))
                      .forEach(record -> jobs.add(new String(record.value(), UTF_8)));
                  return !jobs.isEmpty();
                });
        assertThat(jobs).containsExactly("wanted");
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> job(String name) {
    return new ProducerRecord<>(Topics.JOBS_STANDARD, 0, new byte[1], name.getBytes(UTF_8));
  }
}
