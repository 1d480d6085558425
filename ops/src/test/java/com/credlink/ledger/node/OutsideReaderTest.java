package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.formats.avro.registry.confluent.ConfluentSchemaRegistryCoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topics, read by software that is not ours: Apache Flink's Confluent registry coder and its
 * own copy of Avro, over the registry's port and the broker's port.
 */
class OutsideReaderTest {

  private static final Duration POLL = Duration.ofSeconds(5);

  @TempDir private Path directory;

  /** A record as the stranger sees it. */
  private record Seen(ConsumerRecord<byte[], byte[]> record, GenericRecord value) {
    String type() {
      return value.getSchema().getName();
    }

    String header(String name) {
      return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldBeReadByAConfluentCompatibleConsumerOfAnotherProject() throws Exception {
    try (var node = TestNode.start(directory, "")) {
      var eventId = signOneImage(node);
      var tenant = node.client().event(eventId).path("tenant").asText();

      var events = read(node, "ledger.events");

      assertThat(events)
          .extracting(Seen::type)
          .contains(
              "NodeStarted",
              "ShopInstalled",
              "WebhookReceived",
              "AssetStored",
              "SigningRequested",
              "SigningQueued",
              "AssetSigned",
              "AuthDecided");
      shouldSayTheSameInHeadersAndValue(events);
      shouldHaveNoGaps(events);
      shouldShowTheWebhookWithItsBodySealed(only(events, "WebhookReceived"), eventId, tenant);
      assertThat(read(node, "signing.status"))
          .last()
          .satisfies(status -> assertThat(status.value().get("status")).hasToString("SIGNED"));
      assertThat(read(node, "signing.jobs.standard"))
          .extracting(Seen::type)
          .contains("FetchJob", "SignJob");
      assertThat(read(node, "ledger.proposals")).extracting(Seen::type).contains("SigningQueued");
    }
  }

  private static String signOneImage(TestNode node) throws IOException {
    node.offerImage(SNOWDEVIL, "outside.jpg", TestNode.image("jpeg", 5));
    var body = product(newId(), source("outside.jpg"));
    var eventId =
        node.client()
            .deliver(node.delivery("products/create", SNOWDEVIL, body))
            .expect(200)
            .required("Ledger-Event-Id");
    node.client().awaitRequestsOf(eventId, SNOWDEVIL, 1, "SIGNED");
    return eventId;
  }

  private static void shouldSayTheSameInHeadersAndValue(List<Seen> events) {
    assertThat(events)
        .allSatisfy(
            seen -> {
              var header = (GenericRecord) seen.value().get("header");
              assertThat(seen.header("ce_type")).isEqualTo(seen.type());
              assertThat(seen.header("ce_id")).isEqualTo(header.get("eventId").toString());
              assertThat(seen.header("ce_source")).isEqualTo(header.get("source").toString());
              assertThat(new String(seen.record().key(), StandardCharsets.UTF_8))
                  .isEqualTo(header.get("tenant").toString());
            });
  }

  /** Offsets count records from 0, as a leaf's index must. */
  private static void shouldHaveNoGaps(List<Seen> events) {
    Map<Integer, Long> next = new HashMap<>();
    for (var seen : events) {
      var record = seen.record();
      assertThat(record.offset()).isEqualTo(next.getOrDefault(record.partition(), 0L));
      next.put(record.partition(), record.offset() + 1);
    }
  }

  private static void shouldShowTheWebhookWithItsBodySealed(
      Seen webhook, String eventId, String tenant) {
    var header = (GenericRecord) webhook.value().get("header");
    assertThat(header.get("eventId")).hasToString(eventId);
    assertThat(header.get("tenant")).hasToString(tenant);
    assertThat(webhook.value().get("topic")).hasToString("products/create");
    assertThat(new String(webhook.record().value(), StandardCharsets.ISO_8859_1))
        .as("the body is sealed")
        .doesNotContain("Alpine Board", "Snowdevil");
  }

  private static Seen only(List<Seen> all, String type) {
    var found = all.stream().filter(seen -> seen.type().equals(type)).toList();
    assertThat(found).as(type).hasSize(1);
    return found.getFirst();
  }

  private static List<Seen> read(TestNode node, String topic) throws IOException {
    var coder =
        new ConfluentSchemaRegistryCoder(
            new CachedSchemaRegistryClient(node.node().registry().toString(), 100));
    List<Seen> seen = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                node.node().kafka(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        for (var record : consumer.poll(POLL)) {
          var in = new ByteArrayInputStream(record.value());
          var schema = coder.readSchema(in);
          var decoder = DecoderFactory.get().binaryDecoder(in, null);
          seen.add(
              new Seen(record, new GenericDatumReader<GenericRecord>(schema).read(null, decoder)));
          assertThat(decoder.isEnd()).as("bytes behind the record at %s", record.offset()).isTrue();
        }
      }
    }
    return seen;
  }
}
