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
  }

  @Test
  void shouldBeReadByAConfluentCompatibleConsumerOfAnotherProject() throws Exception {
    try (var node = TestNode.start(directory, "")) {
      node.offerImage(SNOWDEVIL, "outside.jpg", TestNode.image("jpeg", 5));
      var client = node.client();
      var answer =
          client
              .deliver(
                  node.delivery(
                      "products/create", SNOWDEVIL, product(newId(), source("outside.jpg"))))
              .expect(200);
      var eventId = answer.required("Ledger-Event-Id");
      client.awaitRequestsOf(eventId, SNOWDEVIL, 1, "SIGNED");
      var tenant = client.event(eventId).path("tenant").asText();

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
      var webhook = only(events, "WebhookReceived");
      var header = (GenericRecord) webhook.value().get("header");
      assertThat(header.get("eventId")).hasToString(eventId);
      assertThat(header.get("tenant")).hasToString(tenant);
      assertThat(webhook.record().key()).isEqualTo(tenant.getBytes(StandardCharsets.UTF_8));
      assertThat(webhook.value().get("topic")).hasToString("products/create");
      assertThat(new String(webhook.record().value(), StandardCharsets.ISO_8859_1))
          .as("the body is sealed")
          .doesNotContain("Alpine Board", "Snowdevil");
      assertThat(read(node, "signing.status"))
          .last()
          .satisfies(status -> assertThat(status.value().get("status")).hasToString("SIGNED"));
      assertThat(read(node, "signing.jobs.standard"))
          .extracting(Seen::type)
          .contains("FetchJob", "SignJob");
    }
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
          seen.add(
              new Seen(
                  record,
                  new GenericDatumReader<GenericRecord>(schema)
                      .read(null, DecoderFactory.get().binaryDecoder(in, null))));
        }
      }
    }
    return seen;
  }
}
