package com.credlink.ledger.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.broker.KafkaNode.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaNodeTest {

  @TempDir Path directory;

  @Test
  void shouldServeOnAFreePortAndKeepItsClusterOverARestart() throws Exception {
    String cluster;
    Set<String> topics = Set.of();
    try (KafkaNode node = KafkaNode.start(Settings.in(directory));
        Admin admin = admin(node)) {
      cluster = node.clusterId();
      assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
      assertThat(admin.describeCluster().nodes().get())
          .singleElement()
          .satisfies(
              broker ->
                  assertThat(broker.host() + ":" + broker.port()).isEqualTo(node.bootstrap()));
      assertThat(node.bootstrap()).startsWith("127.0.0.1:").doesNotEndWith(":0");
      assertThat(node.fault()).isNotDone();
      assertThat(admin.listTopics().names().get()).isEqualTo(topics);
    }

    try (KafkaNode node = KafkaNode.start(Settings.in(directory).ofCluster(cluster));
        Admin admin = admin(node)) {
      assertThat(node.clusterId()).isEqualTo(cluster);
      assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
    }
  }

  @Test
  void shouldRefuseASecondNodeOnTheSameDirectoryAndLeaveTheFirstAlone() throws Exception {
    try (KafkaNode node = KafkaNode.start(Settings.in(directory));
        Admin admin = admin(node)) {
      assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory)))
          .isInstanceOf(KafkaNodeException.DirectoryInUse.class)
          .hasMessageContaining(directory.toString());
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }

  @Test
  void shouldRefuseAnOccupiedPortAndGiveTheDirectoryBack() throws Exception {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = occupied.getLocalPort();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory).onPort(port)))
            .isInstanceOf(KafkaNodeException.PortOccupied.class)
            .hasMessageContaining("127.0.0.1:" + port);
      }
    }
  }

  @Test
  void shouldRefuseADirectoryThatCannotBeMade() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");

    assertThatThrownBy(() -> KafkaNode.start(Settings.in(file)))
        .isInstanceOf(KafkaNodeException.DirectoryUnusable.class);
    assertThatThrownBy(() -> KafkaNode.start(Settings.in(file.resolve("below"))))
        .isInstanceOf(KafkaNodeException.DirectoryUnusable.class);
  }

  @Test
  void shouldNotFormatADirectoryThatHoldsSomethingElse() throws Exception {
    Files.writeString(directory.resolve("thesis.txt"), "three years");

    assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory)))
        .isInstanceOf(KafkaNodeException.UnknownFormat.class)
        .hasMessageContaining("thesis.txt");
    assertThat(directory.resolve("thesis.txt")).hasContent("three years");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka/ledger-node.properties, layout=1, layout=2, OtherVersion",
    "kafka/ledger-node.properties, kafka.version=4.3.1, kafka.version=4.10.0, OtherVersion",
    "kafka/ledger-node.properties, kafka.version=4.3.1, kafka.version=trunk, UnknownFormat",
    "kafka/ledger-node.properties, cluster.id=, cluster.id=other, OtherCluster",
    "kafka/ledger-node.properties, layout=1, , UnknownFormat",
    "kafka/meta.properties, version=1, version=7, OtherVersion",
    "kafka/meta.properties, node.id=1, node.id=3, UnknownFormat",
  })
  void shouldRefuseADirectoryOfAnotherVersionAndChangeNothing(
      String file, String from, String to, String expected) throws Exception {
    DataDirectory.open(directory, 1, "CONTROLLER", Optional.empty()).close();
    Path marker = directory.resolve(file);
    String text = Files.readString(marker);
    assertThat(text).contains(from);
    Files.writeString(marker, text.replace(from, to == null ? "" : to));
    Map<Path, String> before = contents();

    assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory)))
        .isInstanceOf(KafkaNodeException.class)
        .extracting(e -> e.getClass().getSimpleName())
        .isEqualTo(expected);

    assertThat(contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"ledger-node.properties", "meta.properties"})
  void shouldRefuseADirectoryThatLostAFile(String file) throws Exception {
    DataDirectory.open(directory, 1, "CONTROLLER", Optional.empty()).close();
    Files.delete(directory.resolve("kafka").resolve(file));

    assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory)))
        .isInstanceOf(KafkaNodeException.UnknownFormat.class)
        .hasMessageContaining(file);
  }

  @Test
  void shouldRefuseTheDirectoryOfAnotherCluster() throws Exception {
    DataDirectory.open(directory, 1, "CONTROLLER", Optional.of("ours")).close();

    assertThatThrownBy(() -> KafkaNode.start(Settings.in(directory).ofCluster("theirs")))
        .isInstanceOf(KafkaNodeException.OtherCluster.class)
        .hasMessageContainingAll("ours", "theirs");
  }

  @Test
  void shouldThrowAwayAFormatThatDidNotFinish() throws Exception {
    Files.createDirectory(directory.resolve("formatting"));
    Files.writeString(directory.resolve("formatting/meta.properties"), "version=");

    try (DataDirectory opened = DataDirectory.open(directory, 1, "CONTROLLER", Optional.empty())) {
      assertThat(opened.logs()).isDirectory();
      assertThat(directory.resolve("formatting")).doesNotExist();
    }
  }

  @Test
  void shouldOrderVersionsByNumber() {
    assertThat(DataDirectory.compareVersions("4.10.0", "4.9.1")).isPositive();
    assertThat(DataDirectory.compareVersions("4.3", "4.3.0")).isZero();
    assertThat(DataDirectory.compareVersions("4.3.1", "4.4")).isNegative();
  }

  private static Admin admin(KafkaNode node) {
    return Admin.create(Map.of("bootstrap.servers", node.bootstrap()));
  }

  private Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
