package com.credlink.ledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.log.Topics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docker-compose.yml says what the code says. */
class ComposeTest {

  private static final List<String> BROKERS = List.of("broker-1", "broker-2", "broker-3");

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonNode compose;
  private Path root;

  @BeforeEach
  void readFile() throws IOException {
    root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docker-compose.yml"))) {
      root = root.getParent();
    }
    compose = new YAMLMapper().readTree(root.resolve("docker-compose.yml").toFile());
  }

  @Test
  void shouldRunTheKafkaThatTheCodeIsBuiltWith() throws IOException {
    for (var broker : BROKERS) {
      assertThat(service(broker).path("image").asText())
          .isEqualTo("apache/kafka:" + pomProperty("kafka.version"));
    }
  }

  @Test
  void shouldRunTheRegistryThatTheContractIsCheckedAgainst() throws IOException {
    assertThat(service("registry").path("image").asText())
        .isEqualTo("apicurio/apicurio-registry:" + pomProperty("apicurio.version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker-1", "broker-2", "broker-3"})
  void shouldGiveBrokersTheDefaultsThatTopicsDeclare(String broker) {
    var environment = environment(broker);
    var events = declared().topic(Topics.EVENTS).orElseThrow();

    assertThat(environment)
        .containsEntry("KAFKA_DEFAULT_REPLICATION_FACTOR", Short.toString(events.replication()))
        .containsEntry("KAFKA_MIN_INSYNC_REPLICAS", events.settings().get("min.insync.replicas"))
        .containsEntry(
            "KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE",
            events.settings().get("unclean.leader.election.enable"))
        .containsEntry("KAFKA_MESSAGE_MAX_BYTES", events.settings().get("max.message.bytes"))
        .containsEntry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .containsEntry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3")
        .containsEntry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "3");
  }

  @Test
  void shouldHaveAsManyBrokersAsReplicas() {
    assertThat(BROKERS).hasSize(declared().topic(Topics.EVENTS).orElseThrow().replication());
    assertThat(BROKERS)
        .extracting(broker -> environment(broker).get("KAFKA_NODE_ID"))
        .doesNotHaveDuplicates();
    assertThat(BROKERS)
        .extracting(broker -> environment(broker).get("CLUSTER_ID"))
        .containsOnly(environment("broker-1").get("CLUSTER_ID"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"topics", "schemas", "ledger"})
  void shouldConfigureTheLedgerWithKeysThatExist(String service) throws Exception {
    var environment = new LinkedHashMap<>(environment(service));
    environment.replaceAll((name, value) -> value.startsWith("${") ? "from-the-shell" : value);
    var options = "ledger".equals(service) ? Map.<String, String>of() : Map.of("roles", "clerk");

    var config = Config.load(Config.Profile.CLUSTER, Optional.empty(), environment, options);

    assertThat(config.kafka().bootstrap())
        .containsExactly("broker-1:9092", "broker-2:9092", "broker-3:9092");
    assertThat(config.kafka().replication()).isEqualTo(Topics.CLUSTER_REPLICATION);
    assertThat(config.partitions()).isEqualTo(Topics.CLUSTER_PARTITIONS);
    assertThat(config.registry().urls())
        .allSatisfy(url -> assertThat(url.getHost()).isEqualTo("registry"));
  }

  @Test
  void shouldPublishThePortThatTheApiListensOn() throws Exception {
    var config = Config.load(Config.Profile.EMBEDDED, Optional.empty(), Map.of(), Map.of());

    assertThat(service("ledger").path("ports").get(0).asText())
        .endsWith(":" + config.http().port());
  }

  @Test
  void shouldCallCommandsThatExist() {
    var line = LedgerCli.commandLine(Console.ofProcess());
    for (var name : List.of("topics", "schemas", "ledger")) {
      var command = line;
      for (var word : service(name).path("command")) {
        command = command.getSubcommands().get(word.asText());
        assertThat(command).as(name + ": " + word).isNotNull();
      }
    }
  }

  private Topics declared() {
    return Topics.cluster(Topics.CLUSTER_PARTITIONS, Topics.CLUSTER_REPLICATION);
  }

  private Map<String, String> environment(String service) {
    var merged = new LinkedHashMap<String, String>();
    merged(service(service).path("environment"))
        .forEach((name, value) -> merged.put(name, value.asText()));
    return merged;
  }

  private JsonNode service(String name) {
    var service = JSON.createObjectNode();
    merged(compose.path("services").path(name)).forEach(service::set);
    return service;
  }

  /**
   * Jackson leaves a merge key's alias as a text; each anchor here has the name of its own {@code
   * x-} block.
   */
  private Map<String, JsonNode> merged(JsonNode node) {
    var merged = new LinkedHashMap<String, JsonNode>();
    var alias = node.path("<<").textValue();
    if (alias != null) {
      merged.putAll(merged(compose.path("x-" + alias)));
    }
    node.properties().stream()
        .filter(field -> !"<<".equals(field.getKey()))
        .forEach(field -> merged.put(field.getKey(), field.getValue()));
    return merged;
  }

  private String pomProperty(String name) throws IOException {
    var matcher =
        Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<")
            .matcher(Files.readString(root.resolve("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
