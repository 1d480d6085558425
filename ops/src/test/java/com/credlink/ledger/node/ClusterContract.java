package com.credlink.ledger.node;

import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ledger serve} does with brokers that are not its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ClusterContract {

  private static final int PARTITIONS = 3;
  private static final String SHOP = "snowdevil.myshopify.com";

  @TempDir private Path directory;

  /** {@code host:port} of the brokers, which have no topic of ours at first. */
  abstract String bootstrap();

  /** Where a registry over these brokers is. */
  abstract String registry();

  @Test
  @Order(1)
  void shouldSayThatTheTopicsAreMissing() throws Exception {
    assertThatThrownBy(this::serve)
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("no topic ledger.events")
        .hasMessageContaining("'ledger topics create'");
  }

  @Test
  @Order(2)
  void shouldSignWhatAWebhookNames() throws Exception {
    try (var admin = new TopicAdmin(KafkaConnection.plain(bootstrap()))) {
      var topics = Topics.cluster(PARTITIONS, 1);
      admin.create(topics);
      assertThat(admin.check(topics))
          .as("all but what the registry made for itself")
          .filteredOn(deviation -> !deviation.resource().equals("topic " + Topics.SCHEMAS))
          .isEmpty();
    }
    var images = Files.createDirectories(directory.resolve("images").resolve(SHOP));
    Files.write(images.resolve("board.jpg"), TestNode.image("jpeg", 1));
    var body = product(632910392, source("board.jpg"));
    var credentials =
        DevCredentials.loadOrCreate(directory.resolve("credentials.json"), new SecureRandom());
    var secret = credentials.clientSecrets().getFirst().secret().reveal();

    try (var data = DataDirectory.open(directory.resolve("data"));
        var node = Node.start(config(data), Optional.of(credentials));
        var client = new LedgerClient(node.url(), credentials)) {
      var answer =
          client.deliver(ShopifyDelivery.of(secret, "products/create", SHOP, body)).expect(200);

      client.awaitRequestsOf(answer.required("Ledger-Event-Id"), SHOP, 1, "SIGNED");
      assertThat(node.kafka()).isEqualTo(bootstrap());
    }
  }

  private void serve() throws Exception {
    try (var data = DataDirectory.open(directory.resolve("data"))) {
      Node.start(config(data), Optional.empty()).close();
    }
  }

  private Config config(DataDirectory data) throws Exception {
    var images = Files.createDirectories(directory.resolve("images"));
    return Config.load(
        Config.Profile.CLUSTER,
        Optional.empty(),
        Map.of(),
        Map.of(
            "kafka.bootstrap",
            bootstrap(),
            "kafka.replication",
            "1",
            "ledger.partitions",
            Integer.toString(PARTITIONS),
            "durability",
            "process",
            "registry.urls",
            registry(),
            "shopify.client_secrets[0].id",
            "only",
            "shopify.client_secrets[0].secret",
            "not the one that is used here",
            "data.directory",
            data.path().toString(),
            "assets.directory",
            images.toString(),
            "http.port",
            "0"));
  }
}
