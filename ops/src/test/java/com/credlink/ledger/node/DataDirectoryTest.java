package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.config.Config;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir private Path directory;

  @Test
  void shouldBeOpenedAgainAfterItWasClosed() throws Exception {
    var path = directory.resolve("data");

    DataDirectory.open(path).close();

    try (var opened = DataDirectory.open(path)) {
      assertThat(opened.path().resolve("VERSION")).hasContent(DataDirectory.VERSION);
    }
  }

  @Test
  void shouldBeHeldByOneNodeAtATime() throws Exception {
    try (var _ = DataDirectory.open(directory)) {
      assertThatThrownBy(() -> DataDirectory.open(directory))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void shouldRefuseTheDirectoryOfAnotherVersion() throws Exception {
    Files.writeString(directory.resolve("VERSION"), "99\n");

    assertThatThrownBy(() -> DataDirectory.open(directory))
        .hasMessageContaining("another version")
        .hasMessageContaining("99");
  }

  @Test
  void shouldRefuseADirectoryOfSomethingElse() throws Exception {
    Files.writeString(directory.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> DataDirectory.open(directory))
        .hasMessageContaining("no ledger's directory");
  }

  @Test
  void shouldRefuseAFileInPlaceOfADirectory() throws Exception {
    var file = Files.writeString(directory.resolve("data"), "");

    assertThatThrownBy(() -> DataDirectory.open(file)).hasMessageContaining("is a file");
  }

  @Test
  void shouldMakeCredentialsOnceAndForTheOwnerOnly() throws Exception {
    var file = directory.resolve("credentials.json");

    var made = DevCredentials.loadOrCreate(file, new SecureRandom());
    var loaded = DevCredentials.loadOrCreate(file, new SecureRandom());

    assertThat(loaded).isEqualTo(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(made.tokens())
        .extracting(DevCredentials.Token::role)
        .contains("merchant", "operator", "auditor", "privacy-officer", "admin", "producer");
    assertThat(made.tokens()).extracting(DevCredentials.Token::token).doesNotHaveDuplicates();
    assertThat(
            made.token("merchant", Optional.of("snowdevil.myshopify.com")).orElseThrow().reveal())
        .hasSize(43);
    assertThat(made.toString()).doesNotContain(made.tokens().getFirst().token().reveal());
  }

  @Test
  void shouldNotReplaceDamagedCredentials() throws Exception {
    var file = Files.writeString(directory.resolve("credentials.json"), "{\"tokens\": [");

    assertThatThrownBy(() -> DevCredentials.loadOrCreate(file, new SecureRandom()))
        .hasMessageContaining("credentials.json");
    assertThat(file).hasContent("{\"tokens\": [");
  }

  @Test
  void shouldNotBelieveTheNodeFileOfADeadNode() throws Exception {
    var file = directory.resolve("node.json");
    var alive =
        new NodeFile(
            URI.create("http://a:1"),
            "a:2",
            URI.create("http://a:3"),
            ProcessHandle.current().pid());

    alive.write(file);
    assertThat(NodeFile.read(file)).contains(alive);

    // No Linux or macOS process has this id.
    new NodeFile(alive.url(), alive.kafka(), alive.registry(), Integer.MAX_VALUE).write(file);
    assertThat(NodeFile.read(file)).isEmpty();
  }

  @Test
  void shouldSayWhichPortIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config =
          Config.load(
              Config.Profile.EMBEDDED,
              Optional.empty(),
              Map.of(),
              Map.of(
                  "kafka.port",
                  Integer.toString(taken.getLocalPort()),
                  "http.port",
                  "0",
                  "registry.port",
                  "0"));

      assertThatThrownBy(() -> Ports.requireFree(config))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining("kafka.port")
          .hasMessageContaining("--kafka-port")
          .hasMessageContaining("in use");
    }
  }
}
