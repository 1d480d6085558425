package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.DataDirectory;
import com.credlink.ledger.node.DevCredentials;
import com.credlink.ledger.node.Node;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node with a log of two partitions, and the command line beside it. */
final class CliNode implements AutoCloseable {

  static final int PARTITIONS = 2;

  private final DataDirectory directory;
  private final Node node;
  private boolean closed;

  private CliNode(DataDirectory directory, Node node) {
    this.directory = directory;
    this.node = node;
  }

  /** Starts a node in {@code parent}, which tells where it is as {@code ledger up} does. */
  static CliNode start(Path parent) throws Exception {
    Path data = parent.resolve("data");
    Path file =
        Files.writeString(parent.resolve("ledger.yaml"), "ledger.partitions: " + PARTITIONS);
    Config config =
        Config.load(
            Config.Profile.EMBEDDED,
            Optional.of(file),
            Map.of(),
            Map.of(
                "data.directory",
                data.toString(),
                "assets.directory",
                Files.createDirectories(parent.resolve("sources")).toString(),
                "http.port",
                "0",
                "kafka.port",
                "0",
                "registry.port",
                "0"));
    DataDirectory directory = DataDirectory.open(data);
    DevCredentials credentials =
        DevCredentials.loadOrCreate(directory.credentialsFile(), new SecureRandom());
    Node node = Node.start(config, Optional.of(credentials));
    new NodeFile(node.url(), node.kafka(), node.registry(), ProcessHandle.current().pid())
        .write(directory.nodeFile());
    return new CliNode(directory, node);
  }

  Path data() {
    return directory.path();
  }

  Node node() {
    return node;
  }

  /** Appends so many facts of a few tenants, each as a batch of its own. */
  void append(int count) {
    Ids ids = Ids.uuidV7(InstantSource.system(), new SecureRandom());
    KafkaConnection connection = KafkaConnection.plain(node.kafka());
    try (HttpSchemaRegistry registry =
            HttpSchemaRegistry.builder(List.of(node.registry()), new SecureRandom()).build();
        Ledger ledger = ledger(connection, registry)) {
      for (int i = 0; i < count; i++) {
        EventHeader header = header(ids.next(), "tenant%020d".formatted(i % 7));
        var _ =
            ledger.appendAndWait(
                i % 2 == 0
                    ? new NodeStarted(header, "node-1", "1.0", List.of("api"), "process")
                    : new TokenCreated(
                        header, ids.next(), "merchant", Optional.of("t"), Optional.empty()));
      }
    }
  }

  private static Ledger ledger(KafkaConnection connection, HttpSchemaRegistry registry) {
    EventSerde serde =
        new EventSerde(EventCatalogue.load(), registry, Registration.REGISTER, Topics.EVENTS);
    Topics topics = Topics.embedded(PARTITIONS, com.credlink.ledger.log.Durability.PROCESS);
    return new Ledger(LedgerConfig.of(connection, topics), serde::serialize);
  }

  private static EventHeader header(String id, String tenant) {
    Instant now = Instant.now();
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "node-1"),
        "test",
        id,
        Optional.empty(),
        Optional.empty());
  }

  /** Every record of a partition. */
  List<LogRecord> records(int partition) {
    List<LogRecord> records = new ArrayList<>();
    try (LedgerReader reader = new LedgerReader(KafkaConnection.plain(node.kafka()))) {
      reader.replay(partition, 0, reader.end(partition), records::add);
    }
    return records;
  }

  /** Ends the node; its directory stays. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      Files.delete(directory.nodeFile());
      node.close();
      directory.close();
    }
  }

  /** How a command ended and what it said. */
  record Ended(int exitCode, byte[] bytes, String err) {
    String out() {
      return new String(bytes, UTF_8);
    }
  }

  static Ended run(Path directory, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = run(directory, new PrintStream(out, false, UTF_8), err, arguments);
    return new Ended(exitCode, out.toByteArray(), err.toString(UTF_8));
  }

  static int run(Path directory, PrintStream out, ByteArrayOutputStream err, String... arguments) {
    return LedgerCli.commandLine(
            new Console(
                out,
                new PrintStream(err, true, UTF_8),
                Map.of(),
                directory,
                InstantSource.system(),
                new SecureRandom()))
        .execute(arguments);
  }
}
