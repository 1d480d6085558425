package com.credlink.ledger.bench;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Appends facts to the log of a node that runs, beside the node, and asks what it has signed. */
record Producer(URI node, int partitions, HttpSchemaRegistry registry, Ledger ledger)
    implements AutoCloseable {

  /** A queue of thousands of appends takes longer than a webhook may wait. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int NOT_FOUND = 404;
  private static final long PAUSE = 50_000_000;

  static Producer to(NodeProcess node) throws IOException {
    NodeFile file =
        NodeFile.read(node.data().resolve("node.json"))
            .orElseThrow(() -> new IOException("the node of " + node.data() + " does not run"));
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(file.registry()), new SecureRandom()).build();
    EventSerde serde =
        new EventSerde(EventCatalogue.load(), registry, Registration.REGISTER, Topics.EVENTS);
    Topics topics = Topics.embedded();
    LedgerConfig config =
        LedgerConfig.of(KafkaConnection.plain(file.kafka()), topics).withDeadline(DEADLINE);
    return new Producer(
        node.url(), config.partitions(), registry, new Ledger(config, serde::serialize));
  }

  /** Waits until checkpoints cover so many facts in all partitions together. */
  void awaitSigned(long facts) throws IOException {
    await(facts + " facts", connection -> signed(connection) >= facts);
  }

  /** Waits until a checkpoint covers the fact at {@code position}. */
  void awaitSigned(Position position) throws IOException {
    await(
        position.toString(),
        connection -> signed(connection, position.partition()) > position.offset());
  }

  /** Something that a node says. */
  @FunctionalInterface
  private interface Condition {
    boolean holds(HttpConnection connection) throws IOException;
  }

  private void await(String what, Condition condition) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (HttpConnection connection = new HttpConnection(node)) {
      while (!condition.holds(connection)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("no checkpoint over " + what + " within " + LIMIT);
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /** How many facts of all partitions together the newest checkpoints cover. */
  long signed(HttpConnection connection) throws IOException {
    long sum = 0;
    for (int partition = 0; partition < partitions; partition++) {
      sum += signed(connection, partition);
    }
    return sum;
  }

  /** The size of the newest checkpoint of a partition; 0 if it has none. */
  static long signed(HttpConnection connection, int partition) throws IOException {
    try {
      byte[] note =
          connection.send("GET", "/tlog/" + partition + "/checkpoint", Map.of(), new byte[0]);
      return Long.parseLong(new String(note, StandardCharsets.UTF_8).split("\n", 3)[1]);
    } catch (HttpConnection.Refused e) {
      if (e.status() == NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    ledger.close();
    registry.close();
  }
}
