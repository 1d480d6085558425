package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.cli.CliNode.Ended;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.worker.CheckpointSigner;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code replay} and {@code verify} make of the records of a real node: while it runs, then of
 * the directory that it leaves behind, then of copies of it that somebody has changed.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecordCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TENANT = "tenant%020d".formatted(3);

  @TempDir private static Path directory;
  private static CliNode node;
  private static final List<List<LogRecord>> RECORDS = new ArrayList<>();
  private static List<String> vkeys;

  @BeforeAll
  static void makeTheLog() throws Exception {
    node = CliNode.start(directory);
    node.append(120);
    beginNewSegments();
    node.append(40);
    for (int partition = 0; partition < CliNode.PARTITIONS; partition++) {
      RECORDS.add(node.records(partition));
      awaitSigned(partition);
    }
    vkeys = vkeys();
  }

  @AfterAll
  static void close() throws Exception {
    node.close();
  }

  // ---- a node that runs

  @Test
  @Order(1)
  void shouldReplayEveryRecordWithItsExactBytes() throws IOException {
    Ended replay = run("replay", "--data", data());

    assertThat(replay.exitCode()).as(replay.err()).isEqualTo(ExitCode.DONE);
    List<LogRecord> all = all();
    List<String> lines = replay.out().lines().toList();
    assertThat(lines).hasSameSizeAs(all);
    for (int i = 0; i < all.size(); i++) {
      JsonNode row = JSON.readTree(lines.get(i));
      LogRecord record = all.get(i);
      assertThat(row.path("partition").asInt()).isEqualTo(record.position().partition());
      assertThat(row.path("offset").asLong()).isEqualTo(record.position().offset());
      assertThat(bytes(row, "record_key")).isEqualTo(record.key());
      assertThat(bytes(row, "record_value")).isEqualTo(record.value());
      assertThat(row.path("record_timestamp").asLong()).isEqualTo(record.timestamp());
      assertThat(row.path("record_headers")).hasSameSizeAs(record.headers());
      assertThat(row.path("record_sha256").asText()).hasSize(64);
      assertThat(row.path("type").asText()).isNotEmpty();
    }
  }

  @Test
  @Order(1)
  void shouldReplayRawBytesOfBrokersThatAreNamed() {
    Ended replay = atBrokers("replay", "--format", "raw", "--partition", "0");

    assertThat(replay.exitCode()).as(replay.err()).isEqualTo(ExitCode.DONE);
    ByteBuffer raw = ByteBuffer.wrap(replay.bytes());
    for (LogRecord record : RECORDS.getFirst()) {
      assertThat(next(raw)).isEqualTo(record.key());
      assertThat(next(raw)).isEqualTo(record.value());
    }
    assertThat(raw.hasRemaining()).isFalse();
  }

  @Test
  @Order(1)
  void shouldReplayAFileThatAvroReads() throws IOException {
    Ended replay = run("replay", "--data", data(), "--format", "avro");

    List<GenericRecord> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(
            new SeekableByteArrayInput(replay.bytes()), new GenericDatumReader<>())) {
      file.forEach(rows::add);
    }
    List<LogRecord> all = all();
    assertThat(rows).hasSameSizeAs(all);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).get("offset")).isEqualTo(all.get(i).position().offset());
      assertThat(((ByteBuffer) rows.get(i).get("record_value")).array())
          .isEqualTo(all.get(i).value());
      assertThat(rows.get(i).get("event")).isInstanceOf(GenericRecord.class);
    }
  }

  @Test
  @Order(1)
  void shouldReplayWhatIsAskedFor() throws IOException {
    Ended some =
        run(
            "replay",
            "--data",
            data(),
            "--tenant",
            TENANT,
            "--type",
            "TokenCreated",
            "--from",
            "2",
            "--to",
            "60");

    List<String> lines = some.out().lines().toList();
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      JsonNode row = JSON.readTree(line);
      assertThat(row.path("tenant").asText()).isEqualTo(TENANT);
      assertThat(row.path("type").asText()).isEqualTo("TokenCreated");
      assertThat(row.path("offset").asLong()).isBetween(2L, 59L);
    }
    assertThat(run("replay", "--data", data(), "--type", "Tokencreated").err())
        .contains("there is no event type 'Tokencreated'");
    assertThat(run("replay", "--data", data(), "--from", "5", "--to", "4").exitCode()).isEqualTo(2);
    assertThat(run("replay", "--data", data(), "--partition", "9").exitCode()).isEqualTo(3);
    assertThat(run("replay", "--bootstrap", "localhost:1").exitCode()).isEqualTo(2);
    assertThat(run("replay", "--data", directory.toString()).err())
        .contains("is no data directory of a node");
  }

  @Test
  @Order(1)
  void shouldEndQuietlyWhenNobodyReadsAnyMore() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream closed =
        new PrintStream(
            new java.io.OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });

    int exitCode = CliNode.run(directory, closed, err, "replay", "--data", data());

    assertThat(exitCode).isEqualTo(ExitCode.DONE);
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  @Order(1)
  void shouldVerifyRecordsCheckpointsAndTilesOfARunningNode() {
    Ended verify = run("verify", "--data", data());

    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isEqualTo(ExitCode.DONE);
    assertThat(verify.out().lines()).hasSize(CliNode.PARTITIONS);
    for (List<LogRecord> partition : RECORDS) {
      assertThat(verify.out())
          .contains("/%d: intact, ".formatted(partition.getFirst().position().partition()))
          .contains("Ed25519 and ML-DSA-44, ")
          .contains("tiles compared")
          .doesNotContain("no tiles");
    }
  }

  @Test
  @Order(1)
  void shouldDemandKeysWhereOnlyBrokersAreNamed() {
    Ended without = atBrokers("verify");
    assertThat(without.exitCode()).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(without.err()).contains("give --vkey");

    Ended with = atBrokers("verify", vkeys.toArray(String[]::new));
    assertThat(with.exitCode()).as(with.err()).isEqualTo(ExitCode.DONE);
    assertThat(with.out()).contains("no tiles compared");

    List<String> others = new ArrayList<>(vkeys);
    others.set(1, others.get(1).replaceFirst("^[^+]*/0", "another.example/0"));
    Ended strange = atBrokers("verify", "--vkey", "not a key");
    assertThat(strange.exitCode()).isEqualTo(ExitCode.NOT_CARRIED_OUT);
  }

  @Test
  @Order(1)
  void shouldTieRowsAndTheirCompletenessToTheLog() throws IOException {
    Path rows = directory.resolve("rows.ndjson");
    Files.write(rows, run("replay", "--data", data(), "--tenant", TENANT).bytes());
    List<String> lines = Files.readAllLines(rows);

    Ended complete = rows(rows);
    assertThat(complete.exitCode()).as(complete.out() + complete.err()).isEqualTo(ExitCode.DONE);
    assertThat(complete.out())
        .contains("rows: all %d follow".formatted(lines.size()))
        .contains("tenant %s: %d records".formatted(TENANT, lines.size()));

    Files.write(rows, lines.subList(1, lines.size()));
    assertThat(rows(rows).exitCode()).isEqualTo(ExitCode.NO);
    assertThat(rows(rows).out()).contains("rows: NOT COMPLETE");

    ObjectNode changed = (ObjectNode) JSON.readTree(lines.get(2));
    changed.put("type", "AssetSigned");
    List<String> lied = new ArrayList<>(lines);
    lied.set(2, changed.toString());
    Files.write(rows, lied);
    assertThat(rows(rows).exitCode()).isEqualTo(ExitCode.NO);
    assertThat(rows(rows).out()).contains("row 3").contains("'type' does not follow");
  }

  @Test
  @Order(1)
  void shouldGoOnFromWhereAnEarlierPassHasCome() throws IOException {
    Path state = directory.resolve("state.json");

    assertThat(run("verify", "--data", data(), "--state", state.toString()).exitCode()).isZero();
    Ended again = run("verify", "--data", data(), "--state", state.toString());
    assertThat(again.exitCode()).as(again.out()).isZero();
    assertThat(again.out()).contains("by an earlier pass");

    Files.writeString(state, Files.readString(state).replaceFirst("(\"hashes\" : \".{8}).", "$1/"));
    Ended damaged = run("verify", "--data", data(), "--state", state.toString());
    assertThat(damaged.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(damaged.out()).contains("what was kept of an earlier pass is damaged");

    Files.writeString(state, "[]");
    assertThat(run("verify", "--data", data(), "--state", state.toString()).exitCode())
        .isEqualTo(ExitCode.NOT_CARRIED_OUT);
  }

  // ---- the directory of a node that was stopped

  @Test
  @Order(2)
  void shouldReadADirectoryWhoseNodeIsStopped() throws Exception {
    node.close();

    Ended replay = run("replay", "--data", data(), "--partition", "1", "--format", "raw");
    assertThat(replay.exitCode()).as(replay.err()).isZero();
    ByteBuffer raw = ByteBuffer.wrap(replay.bytes());
    for (LogRecord record : RECORDS.get(1)) {
      assertThat(next(raw)).isEqualTo(record.key());
      assertThat(next(raw)).isEqualTo(record.value());
    }
    Ended verify = run("verify", "--data", data());
    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
    assertThat(verify.out().lines().filter(line -> line.contains(": intact, "))).hasSize(2);
  }

  @Test
  @Order(3)
  void shouldNameTheRecordWithAFlippedBit() throws Exception {
    node.close();
    Path copy = Segments.copy(node.data(), directory.resolve("flipped"));
    new Segments(copy, Topics.EVENTS, 1).flip(17, 30, false);

    Ended verify = run("verify", "--data", copy.toString());

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(verify.out())
        .contains("/0: intact, ")
        .contains("partition 1: NOT INTACT, offset 17: ")
        .contains("does not have its checksum");
    Ended replay = run("replay", "--data", copy.toString(), "--partition", "1");
    assertThat(replay.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(replay.out().lines()).hasSize(17);
    assertThat(replay.err()).contains("offset 17 of partition 1");
  }

  @Test
  @Order(3)
  void shouldNameTheRecordWithAFlippedBitAndAMendedChecksum() throws Exception {
    node.close();
    Path copy = Segments.copy(node.data(), directory.resolve("mended"));
    new Segments(copy, Topics.EVENTS, 0).flip(11, 5, true);

    Ended verify = run("verify", "--data", copy.toString());

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(verify.out())
        .contains("partition 0: NOT INTACT, offset 11: ")
        .contains("/1: intact, ");
  }

  @Test
  @Order(3)
  void shouldMissADeletedLastSegment() throws Exception {
    node.close();
    Path copy = Segments.copy(node.data(), directory.resolve("cut"));
    Segments segments = new Segments(copy, Topics.EVENTS, 1);
    assertThat(segments.files()).hasSizeGreaterThan(1);
    long first =
        Long.parseLong(segments.files().getLast().getFileName().toString().replace(".log", ""));
    segments.deleteLast();

    Ended verify = run("verify", "--data", copy.toString());

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(verify.out())
        .contains("/0: intact, ")
        .contains("partition 1: NOT INTACT, offset %d: it and all up to".formatted(first))
        .contains("are missing");
  }

  // ---- helpers

  private static Ended run(String... arguments) {
    return CliNode.run(directory, arguments);
  }

  private static Ended atBrokers(String command, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap",
                node.node().kafka(),
                "--registry",
                node.node().registry().toString()));
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(String[]::new));
  }

  private static Ended rows(Path rows) {
    return run("verify", "--data", data(), "--tenant", TENANT, "--rows", rows.toString());
  }

  private static String data() {
    return node.data().toString();
  }

  private static List<LogRecord> all() {
    List<LogRecord> all = new ArrayList<>();
    for (int partition = 0; partition < CliNode.PARTITIONS; partition++) {
      all.addAll(node.records(partition));
    }
    return all;
  }

  private static byte[] bytes(JsonNode row, String name) {
    return Base64.getDecoder().decode(row.path(name).asText());
  }

  private static byte[] next(ByteBuffer raw) {
    byte[] bytes = new byte[raw.getInt()];
    raw.get(bytes);
    return bytes;
  }

  private static void awaitSigned(int partition) {
    try (HttpLog log = new HttpLog(node.node().url() + "/tlog/" + partition)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  Long.parseLong(new String(log.checkpoint(), UTF_8).lines().toList().get(1))
                      >= RECORDS.get(partition).size());
    }
  }

  /** The keys of the node's logs as somebody gets them who trusts the node's directory. */
  private static List<String> vkeys() {
    SecureRandom random = new SecureRandom();
    Path keys = node.data().resolve("keys");
    LogKeys own =
        LogKeys.open(
            keys.resolve("log.p12"), new Password.FromFile(keys.resolve("log.password")), random);
    List<String> vkeys = new ArrayList<>();
    for (int partition = 0; partition < CliNode.PARTITIONS; partition++) {
      CheckpointSigner.signers("ledger.localhost/" + partition, own, random)
          .forEach(signer -> vkeys.addAll(List.of("--vkey", signer.key().format())));
    }
    return vkeys;
  }

  /** The next record of each partition begins another file. */
  private static void beginNewSegments() throws Exception {
    try (Admin admin =
        Admin.create(
            KafkaConnection.plain(node.node().kafka()).with(Map.of("client.id", "test")))) {
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(segmentMillis("1")))).all().get();
      node.append(14);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(segmentMillis("604800000")))).all().get();
    }
  }

  private static AlterConfigOp segmentMillis(String value) {
    return new AlterConfigOp(new ConfigEntry("segment.ms", value), AlterConfigOp.OpType.SET);
  }
}
