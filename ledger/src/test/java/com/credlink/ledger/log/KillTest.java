package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

  private static final int ROUNDS = 2;
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 3_000;

  /** Ends each line, since the kill may cut the last one short. */
  static final String END = ".";

  @TempDir Path directory;

  @Test
  void shouldHaveEveryAcknowledgedFactAtItsOffsetAfterAKill() throws Exception {
    Map<Position, String> acknowledged = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.putAll(writeAndKill("round" + round));
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * ACKNOWLEDGED_BEFORE_THE_KILL);

    try (KafkaNode node = KafkaNode.start(KafkaNode.Settings.in(directory));
        LedgerReader reader = new LedgerReader(KafkaConnection.plain(node.bootstrap()))) {
      Map<Position, String> read = new HashMap<>();
      for (int partition = 0; partition < node.topics().partitions(); partition++) {
        reader.replay(
            partition,
            0,
            reader.end(partition),
            record -> read.put(record.position(), new String(record.value(), UTF_8)));
      }
      Set<String> ids = new HashSet<>(read.values());
      assertThat(ids).as("no fact twice").hasSameSizeAs(read.keySet());
      assertThat(read).containsAllEntriesOf(acknowledged);
    }
  }

  @Test
  void shouldNotClaimToKnowTheFateOfWhatAFrozenBrokerMayStillTake() throws Exception {
    Process process = java(KilledWriter.class.getName(), directory.toString(), "broker", "0");
    try (BufferedReader out = reader(process)) {
      KafkaConnection connection = KafkaConnection.plain(out.readLine());
      LedgerConfig config =
          LedgerConfig.of(connection, Topics.embedded()).withDeadline(Duration.ofSeconds(1));
      try (Ledger ledger = new Ledger(config, Events.ids());
          LedgerReader reader = new LedgerReader(connection)) {
        Position first = await().until(() -> append(ledger, "before"), Optional::isPresent).get();
        signal(process, "STOP");
        assertThatThrownBy(() -> ledger.appendAndWait(Events.started("t", "frozen")))
            .isInstanceOf(AppendException.Unknown.class);
        signal(process, "CONT");
        Position last = await().until(() -> append(ledger, "after"), Optional::isPresent).get();

        List<String> ids = new ArrayList<>();
        reader.replay(
            first.partition(),
            0,
            last.offset() + 1,
            record -> ids.add(new String(record.value(), UTF_8)));
        assertThat(ids.get((int) first.offset())).isEqualTo("before");
        assertThat(ids.getLast()).isEqualTo("after");
        assertThat(Collections.frequency(ids, "frozen")).isLessThanOrEqualTo(1);
      }
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Optional<Position> append(Ledger ledger, String id) {
    try {
      return Optional.of(ledger.appendAndWait(Events.started("t", id)));
    } catch (AppendException e) {
      return Optional.empty();
    }
  }

  private static void signal(Process process, String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Map<Position, String> writeAndKill(String round) throws Exception {
    Process process =
        java(
            KilledWriter.class.getName(),
            directory.toString(),
            round,
            Long.toString(Long.MAX_VALUE));
    try (BufferedReader out = reader(process)) {
      assertThat(out.readLine()).as("bootstrap").startsWith("127.0.0.1:");
      Map<Position, String> acknowledged = new HashMap<>();
      boolean killed = false;
      while (true) {
        String line;
        try {
          line = out.readLine();
        } catch (IOException e) {
          break;
        }
        if (line == null) {
          break;
        }
        List<String> parts = List.of(line.split(" ", -1));
        if (parts.size() == 3 && parts.get(2).equals(END)) {
          Position.parse(parts.get(0)).ifPresent(p -> acknowledged.put(p, parts.get(1)));
        }
        if (!killed && acknowledged.size() >= ACKNOWLEDGED_BEFORE_THE_KILL) {
          killed = true;
          process.destroyForcibly();
        }
      }
      assertThat(killed).as("the writer lived until it was killed").isTrue();
      return acknowledged;
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process java(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectError(directory.resolveSibling("killed-writer.err").toFile())
        .start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Surefire may hide the class path in a manifest; this property has it written out. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
