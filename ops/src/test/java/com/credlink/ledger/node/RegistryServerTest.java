package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only a registry that keeps its state in Kafka must do. */
class RegistryServerTest extends RegistryContract {

  private static final String STRING = "\"string\"";

  @TempDir private static Path directory;
  private static KafkaNode broker;
  private static RegistryServer server;

  @BeforeAll
  static void start() {
    broker = KafkaNode.start(KafkaNode.Settings.in(directory));
    server = RegistryServer.start(broker.bootstrap(), 0);
  }

  @AfterAll
  static void stop() {
    server.close();
    broker.close();
  }

  @Override
  URI url() {
    return server.url();
  }

  @Override
  Set<Difference> differences() {
    return Set.of();
  }

  @Test
  void shouldMakeItsTopicAsDeclared() throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.SCHEMAS);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      var config = admin.describeConfigs(List.of(topic)).values().get(topic).get();
      var partitions =
          admin.describeTopics(List.of(Topics.SCHEMAS)).allTopicNames().get().get(Topics.SCHEMAS);

      assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
      assertThat(partitions.partitions()).hasSize(1);
    }
  }

  @Test
  void shouldKeepEverythingOverARestart() {
    int id = register("restart", STRING).body().get("id").asInt();
    send("PUT", "/config/restart", "{\"compatibility\": \"NONE\"}");
    var before = get("/schemas?deleted=true").body();

    try (RegistryServer second = RegistryServer.start(broker.bootstrap(), 0);
        HttpSchemaRegistry client =
            HttpSchemaRegistry.builder(List.of(second.url()), new Random(1)).build()) {
      assertThat(client.byId(id).toString()).isEqualTo(STRING);
      assertThat(client.level("restart").name()).isEqualTo("NONE");
      assertThat(client.latest("restart").id()).isEqualTo(id);
    }
    assertThat(get("/schemas?deleted=true").body()).isEqualTo(before);
  }

  @Test
  void shouldWriteWhatAConfluentRegistryReads() {
    int id = register("takeover", STRING).body().get("id").asInt();

    assertThat(log())
        .contains(
            "{\"keytype\":\"SCHEMA\",\"subject\":\"takeover\",\"version\":1,\"magic\":1} = "
                + "{\"subject\":\"takeover\",\"version\":1,\"id\":"
                + id
                + ",\"schema\":\"\\\"string\\\"\",\"deleted\":false}");
  }

  @Test
  void shouldGiveOneIdToManyWhoRegisterAtOnce() {
    List<CompletableFuture<Integer>> ids;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ids =
          IntStream.range(0, 24)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> register("race-" + i % 3, "\"bytes\"").body().get("id").asInt(),
                          threads))
              .toList();
    }

    assertThat(ids).extracting(CompletableFuture::join).containsOnly(ids.getFirst().join());
    assertThat(get("/subjects/race-0/versions").body()).hasSize(1);
  }

  @Test
  void shouldPageItsSubjects() {
    List.of("page-1", "page-2", "page-3").forEach(name -> register(name, STRING));

    assertThat(get("/subjects?subjectPrefix=page-&offset=1&limit=1").body().toString())
        .isEqualTo("[\"page-2\"]");
    assertThat(get("/schemas?subjectPrefix=:*:page-&latestOnly=true").body()).hasSize(3);
    assertThat(get("/schemas/ids/1?fetchMaxId=true").body().get("maxId").asInt()).isPositive();
  }

  @Test
  void shouldRefuseWhatItDoesNotServeInItsOwnWords() {
    assertThat(get("/nowhere").status()).isEqualTo(404);
    assertThat(get("/nowhere").body().get("error_code").asInt()).isEqualTo(404);
    assertThat(send("PATCH", "/subjects", "{}").status()).isEqualTo(405);
    assertThat(get("/schemas/ids/none").status()).isEqualTo(404);
    assertThat(
            send(
                    "POST",
                    "/subjects/s/versions",
                    "{\"schema\": \"" + "x".repeat((int) RegistryServer.MAX_REQUEST_BYTES) + "\"}")
                .status())
        .isEqualTo(413);
  }

  @Test
  void shouldSayWhichPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> RegistryServer.start(broker.bootstrap(), taken.getLocalPort()))
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void shouldBeReadByAConfluentClientThatIsNotOurs() throws Exception {
    AssetStored event =
        new AssetStored(
            header(),
            "ab12",
            4_711,
            "image/jpeg",
            Optional.empty(),
            List.of(new KeyVersion("key-1", SignatureAlgorithm.ES256)),
            0,
            false,
            0);
    byte[] value;
    try (HttpSchemaRegistry registry = client()) {
      value = new EventSerde(EventCatalogue.load(), registry, Topics.EVENTS).serialize(event);
      assertThat(new EventSerde(EventCatalogue.load(), registry, Topics.EVENTS).deserialize(value))
          .isInstanceOfSatisfying(
              StoredEvent.Known.class, known -> assertThat(known.event()).isEqualTo(event));
    }

    ByteBuffer buffer = ByteBuffer.wrap(value);
    assertThat(buffer.get()).isZero();
    CachedSchemaRegistryClient theirs = new CachedSchemaRegistryClient(server.url().toString(), 10);
    AvroSchema schema = (AvroSchema) theirs.getSchemaById(buffer.getInt());
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(schema.rawSchema())
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(value, buffer.position(), buffer.remaining(), null));

    assertThat(record.getSchema().getFullName()).isEqualTo(AssetStored.class.getName());
    assertThat(record.get("assetSha256")).hasToString("ab12");
    assertThat(record.get("size")).isEqualTo(4_711L);
    assertThat(((GenericRecord) record.get("header")).get("eventId")).hasToString("e-1");
    assertThat(((GenericRecord) record.get("header")).get("occurredAt"))
        .isEqualTo(1_795_421_730_123_456L);
    assertThat(((List<?>) record.get("keys")).getFirst()).asString().contains("key-1", "ES256");
    assertThat(
            theirs.getLatestSchemaMetadata("ledger.events-" + AssetStored.class.getName()).getId())
        .isEqualTo(ByteBuffer.wrap(value).getInt(1));
    assertThat(theirs.getAllSubjects()).contains("ledger.events-" + AssetStored.class.getName());
  }

  private static List<String> log() {
    TopicPartition partition = new TopicPartition(Topics.SCHEMAS, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<String> lines = new ArrayList<>();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
          lines.add(each.key() + " = " + each.value());
        }
      }
      return lines;
    }
  }

  private static EventHeader header() {
    Instant at = Instant.parse("2026-11-23T08:15:30.123456Z");
    return new EventHeader(
        "e-1",
        "tenant",
        at,
        at,
        new Actor(ActorType.SYSTEM, "test"),
        "test",
        "c-1",
        Optional.empty(),
        Optional.empty());
  }
}
