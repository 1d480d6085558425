package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.ForkedCommand.Ended;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the projections of a node hold, beside a fold of its log by another process. */
class ProjectionsTest {

  private static final String YAML = "ledger.partitions: 1";

  @TempDir private Path directory;

  @Test
  void shouldBeTheFoldOfTheLogUntilSomebodyPutsARowBesideIt() throws Exception {
    Map<String, JsonNode> before;
    try (TestNode node = TestNode.start(directory, YAML)) {
      traffic(node);
      Ended verify = verify(node);
      assertThat(verify.exitCode()).as(verify.said()).isZero();
      assertThat(verify.said()).contains("partition 0: the projections are the fold of the first");
      before = tables(node);
    }

    loseTheStores();
    try (TestNode node = TestNode.start(directory, YAML)) {
      Ended verify = verify(node);
      assertThat(verify.exitCode()).as(verify.said()).isZero();
      assertThat(tables(node).get("results")).as("rebuilt").isEqualTo(before.get("results"));
      forgeARow(node);
    }

    loseTheStores();
    try (TestNode node = TestNode.start(directory, YAML)) {
      Ended verify = verify(node);
      assertThat(verify.exitCode()).as(verify.said()).isEqualTo(1);
      assertThat(verify.said())
          .contains("partition 0: THE PROJECTIONS ARE NOT THE FOLD")
          .contains("table 'signing' has")
          .doesNotContain("table 'trail'");
    }
  }

  @Test
  void shouldBindWhatItPublishesToACheckpoint() throws Exception {
    try (TestNode node = TestNode.start(directory, YAML)) {
      LedgerClient client = node.client();
      traffic(node);
      JsonNode published = client.get("/tlog/0/projections", Caller.NOBODY).expect(200).json();

      String checkpoint = published.path("checkpoint").asText();
      List<String> lines = checkpoint.lines().toList();
      assertThat(lines.get(0)).isEqualTo(published.path("origin").asText());
      assertThat(lines.get(1)).isEqualTo(published.path("size").asText());
      assertThat(lines.get(2)).isEqualTo(published.path("root").asText());
      assertThat(lines.stream().filter(line -> line.startsWith("— "))).hasSize(2);
      assertThat(published.path("left_out").size()).isPositive();

      client.get("/tlog/7/projections", Caller.NOBODY).expectProblem(404, "not_found");
      Ended noNode = ForkedCommand.run("verify", "--projections", "--bootstrap", "localhost:1");
      assertThat(noNode.exitCode()).as(noNode.said()).isEqualTo(2);
    }
  }

  private static void traffic(TestNode node) throws IOException {
    LedgerClient client = node.client();
    for (String shop : List.of(SNOWDEVIL, ACME)) {
      node.offerImage(shop, "front.png", TestNode.image("png", shop.length()));
      String body = product(newId());
      client.deliver(node.delivery("products/create", shop, body)).expect(200);
      client.deliver(node.delivery("products/create", shop, body)).expect(200);
      Caller merchant = client.merchant(shop);
      for (int i = 0; i < 5; i++) {
        byte[] digest =
            TestNode.sha256(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        String request =
            "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%s\"}}".formatted(TestNode.hex(digest));
        String path = "/v1/shops/" + shop + "/signing-requests";
        String location = client.postJson(path, merchant, request).expect(202).required("Location");
        client.awaitSigned(location, merchant);
        client.postJson(path, merchant, request).expect(202);
      }
    }
  }

  private static Ended verify(TestNode node) throws Exception {
    return ForkedCommand.run(
        "verify",
        "--projections",
        "--url=" + node.node().url(),
        "--bootstrap=" + node.node().kafka(),
        "--registry=" + node.node().registry());
  }

  private static Map<String, JsonNode> tables(TestNode node) {
    JsonNode tables =
        node.client().get("/tlog/0/projections", Caller.NOBODY).expect(200).json().path("tables");
    return tables.properties().stream()
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** They come back from their changelog. */
  private void loseTheStores() throws IOException {
    Path stores = directory.resolve("data/state").resolve(LedgerTopology.APPLICATION_ID);
    assertThat(stores).isDirectory();
    try (Stream<Path> all = Files.walk(stores)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Whoever can write to the changelog can make a store hold what no fact says. */
  private static void forgeARow(TestNode node) {
    String changelog = LedgerTopology.APPLICATION_ID + "-" + Stores.STATE + "-changelog";
    byte[] key = Table.Kind.SIGNING.key(new byte[] {'t', 0, 'r', 0});
    try (var producer =
        new KafkaProducer<>(
            KafkaConnection.plain(node.node().kafka()).with(Map.of()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(changelog, 0, key, new byte[] {1})).get();
    } catch (Exception e) {
      throw new AssertionError(Topics.EVENTS + " is intact, and the changelog is not", e);
    }
  }
}
