package com.credlink.ledger.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is queried beside its commits, held to a map. */
class QueryableStateTest {

  private static final int KEYS = 40;
  private static final int ROUNDS = 60;
  private static final int CHANGES_A_ROUND = 50;

  @TempDir Path directory;

  /** One change of a row; no value removes it. */
  private record Change(String key, Optional<String> value) {}

  @Test
  void shouldAnswerQueriesLikeAMapBeforeAndAfterEachCommit() {
    // Given
    Random random = new Random(11);
    Map<String, String> oracle = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    Script script = new Script();
    int left = 0;
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(script), settings())) {
      var input =
          driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
      for (int round = 0; round < ROUNDS; round++) {
        List<Change> changes = changes(random);
        changes.forEach(change -> apply(change, oracle));
        script.next = changes;
        script.beforeCommit = store -> differences.addAll(differences(store, oracle));

        // When
        input.pipeInput(utf8("k"), utf8("v"));

        // Then
        QueryableState state = (QueryableState) driver.getAllStateStores().get(Stores.STATE);
        differences.addAll(differences(state, oracle));
        left += state.unflushed().size();
      }
    }
    assertThat(script.rounds).isEqualTo(ROUNDS);
    assertThat(differences).isEmpty();
    assertThat(left).as("rows that a commit left behind").isZero();
  }

  private static List<Change> changes(Random random) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < CHANGES_A_ROUND; i++) {
      Optional<String> value =
          random.nextInt(3) == 0
              ? Optional.empty()
              : Optional.of(Integer.toString(random.nextInt(1_000)));
      changes.add(new Change("key-" + random.nextInt(KEYS), value));
    }
    return changes;
  }

  private static void apply(Change change, Map<String, String> oracle) {
    change
        .value()
        .ifPresentOrElse(
            value -> oracle.put(change.key(), value), () -> oracle.remove(change.key()));
  }

  private static List<String> differences(
      KeyValueStore<byte[], byte[]> store, Map<String, String> oracle) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "key-" + i;
      byte[] found =
          store
              .query(
                  KeyQuery.<byte[], byte[]>withKey(utf8(key)),
                  PositionBound.unbounded(),
                  new QueryConfig(false))
              .getResult();
      String value = found == null ? null : new String(found, StandardCharsets.UTF_8);
      String expected = oracle.get(key);
      if (value == null ? expected != null : !value.equals(expected)) {
        differences.add(key + " is " + value + " and should be " + expected);
      }
    }
    return differences;
  }

  private static Topology topology(Script script) {
    return new Topology()
        .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "in")
        .addProcessor("applier", () -> new Applier(script), "source")
        .addStateStore(Stores.builder(Stores.STATE), "applier");
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "queryable");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    return settings;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What the next record does. */
  private static final class Script {
    private List<Change> next = List.of();
    private Consumer<KeyValueStore<byte[], byte[]>> beforeCommit = any -> {};
    private int rounds;
  }

  /** Writes the changes of a round within one record, so that all of them wait for its commit. */
  private static final class Applier implements Processor<byte[], byte[], byte[], byte[]> {

    private final Script script;
    private KeyValueStore<byte[], byte[]> store;

    Applier(Script script) {
      this.script = script;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      store = context.getStateStore(Stores.STATE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      for (Change change : script.next) {
        change
            .value()
            .ifPresentOrElse(
                value -> store.put(utf8(change.key()), utf8(value)),
                () -> store.delete(utf8(change.key())));
      }
      script.beforeCommit.accept(store);
      script.rounds++;
    }
  }
}
