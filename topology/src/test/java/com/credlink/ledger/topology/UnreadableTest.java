package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.LogValue;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the log and is no fact that this version knows. */
class UnreadableTest {

  private static final byte[] KEY = Facts.TENANT.getBytes(UTF_8);

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts();

  @BeforeEach
  void open() {
    topology = new TestTopology(directory.resolve("state"));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldPutARecordWithoutAValueAside() {
    append(KEY, null);

    assertAside(KEY, new byte[0], "no value");
  }

  @Test
  void shouldPutWhatIsNotInTheWireFormatAside() {
    byte[] text = "{\"no\": \"event\"}".getBytes(UTF_8);

    append(KEY, text);

    assertAside(KEY, text, "");
  }

  @Test
  void shouldPutAFactAsideThatEndsTooEarly() {
    byte[] whole = topology.serde().serialize(facts.installed());
    byte[] part = Arrays.copyOf(whole, whole.length - 1);

    append(KEY, part);

    assertAside(KEY, part, "");
  }

  @Test
  void shouldPutARecordAsideWhoseSchemaNobodyKnows() {
    byte[] unknown = wire(9_999, new byte[] {1});

    append(KEY, unknown);

    assertAside(KEY, unknown, "schema id");
  }

  @Test
  void shouldKeepTheKeyOfWhatIsPutAsideOrElseThePlatforms() {
    append(null, new byte[] {1});

    assertAside("platform".getBytes(UTF_8), new byte[] {1}, "");
  }

  @Test
  void shouldKeepWhatTheRecordHadInItsHeaders() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", "id-1".getBytes(UTF_8));

    topology.append(new TestRecord<>(KEY, new byte[] {1}, headers, TestTopology.START));

    assertThat(topology.records(Topics.QUARANTINE))
        .singleElement()
        .satisfies(
            record ->
                assertThat(record.headers().lastHeader("ce_id").value())
                    .isEqualTo("id-1".getBytes(UTF_8)));
  }

  /** A later version's fact is a fact: its leaf counts, and this version has no reason to stop. */
  @Test
  void shouldKeepAFactOfATypeThatIsNotKnownYet() {
    Schema schema =
        SchemaBuilder.record("com.credlink.ledger.event.Novelty")
            .fields()
            .requiredString("what")
            .endRecord();
    int id = topology.registry().register(Topics.EVENTS + '-' + schema.getFullName(), schema);
    byte[] novelty = wire(id, new byte[] {2, 'x'});

    append(KEY, novelty);

    assertThat(topology.sent(Topics.QUARANTINE)).isEmpty();
    TrailRow row = topology.trail().getFirst();
    assertThat(row.type()).endsWith("Novelty");
    assertThat(row.value()).isEqualTo(Bytes.wrap(novelty));
    assertGoesOn();
  }

  /** Skipping it would lose a fact that can be read as soon as the registry is back. */
  @Test
  void shouldStopWhereTheRegistryDoesNotAnswer() {
    byte[] fact = topology.serde().serialize(facts.installed());
    try (HttpSchemaRegistry away = nobodyListens();
        TestTopology cutOff =
            new TestTopology(
                directory.resolve("cut-off"), TestTopology.START, SigningSettings.DEFAULT, away)) {

      assertThatThrownBy(
              () -> LogValue.deserializer(cutOff.serde()).deserialize(Topics.EVENTS, fact))
          .isInstanceOf(RegistryException.Unreachable.class);
      assertThatThrownBy(() -> cutOff.append(new TestRecord<>(KEY, fact, TestTopology.START)))
          .isInstanceOf(StreamsException.class)
          .hasCauseInstanceOf(RegistryException.Unreachable.class);

      assertThat(cutOff.sent(Topics.QUARANTINE)).isEmpty();
      assertThat(cutOff.applied().of(0)).isEmpty();
    }
  }

  private static HttpSchemaRegistry nobodyListens() {
    return HttpSchemaRegistry.builder(List.of(URI.create("http://127.0.0.1:1")), new Random(1))
        .deadline(Duration.ofMillis(300))
        .build();
  }

  private void append(byte[] key, byte[] value) {
    topology.append(new TestRecord<>(key, value, TestTopology.START));
  }

  private void assertAside(byte[] key, byte[] value, String reason) {
    assertThat(topology.records(Topics.QUARANTINE))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.key()).isEqualTo(key);
              assertThat(record.value()).isEqualTo(value);
              assertThat(new String(record.headers().lastHeader("reason").value(), UTF_8))
                  .isNotBlank()
                  .contains(reason);
            });
    assertThat(topology.trail())
        .as("its place in the trail is kept")
        .singleElement()
        .satisfies(row -> assertThat(row.value()).isEqualTo(Bytes.wrap(value)));
    assertGoesOn();
  }

  private void assertGoesOn() {
    topology.append(facts.webhook("d-1", "body", "//cdn/a.jpg"));
    assertThat(topology.fetchJobs()).hasSize(1);
    assertThat(topology.applied().of(0)).hasValue(1);
  }

  private static byte[] wire(int schemaId, byte[] body) {
    return ByteBuffer.allocate(1 + Integer.BYTES + body.length)
        .put((byte) 0)
        .putInt(schemaId)
        .put(body)
        .array();
  }
}
