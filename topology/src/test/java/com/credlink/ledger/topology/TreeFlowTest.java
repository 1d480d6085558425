package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.topology.merkle.TreeTiles;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of a partition, beside the frontier over the same records. */
class TreeFlowTest {

  /** Two full tiles, and a third that is being filled. */
  private static final int RECORDS = 600;

  @TempDir private Path directory;

  @Test
  void shouldHaveTheRootOfTheRecordsAtEverySize() {
    try (TestTopology topology = new TestTopology(directory.resolve("state"))) {
      EntryHasher hasher = new EntryHasher(topology.registry());
      Facts facts = new Facts();
      Frontier frontier = new Frontier();
      List<Hash> roots = new ArrayList<>(List.of(frontier.root()));
      for (int i = 0; i < RECORDS; i++) {
        LedgerEvent event = i % 7 == 0 ? facts.installed() : facts.requested("r" + i);
        topology.append(event);
        frontier.appendEntry(
            hasher.entry(
                event.tenant().getBytes(StandardCharsets.UTF_8),
                topology.serde().serialize(event)));
        roots.add(frontier.root());

        assertThat(tree(topology).root(i + 1)).as("root of %d", i + 1).isEqualTo(roots.getLast());
      }

      for (int size = 1; size <= RECORDS; size++) {
        assertThat(tree(topology).root(size))
            .as("root of %d later", size)
            .isEqualTo(roots.get(size));
      }
      tree(topology).inclusion(255, RECORDS);
      tree(topology).consistency(300, RECORDS).verify(roots.get(300), roots.get(RECORDS));
    }
  }

  /** Rows of leaves whose tile is full are gone, or the store would hold each leaf twice. */
  @Test
  void shouldKeepALeafOnce() {
    try (TestTopology topology = new TestTopology(directory.resolve("state"))) {
      Facts facts = new Facts();
      for (int i = 0; i < RECORDS; i++) {
        topology.append(facts.requested("r" + i));
      }

      long bytes =
          topology.rows(Stores.TREE).entrySet().stream()
              .mapToLong(row -> row.getValue().split(",", -1).length)
              .sum();

      assertThat(bytes).isBetween(32L * RECORDS, 33L * RECORDS + 3 * 8192);
      assertThat(topology.rows(Stores.TREE)).hasSize(1 + 2 + 1 + RECORDS % 256);
    }
  }

  @Test
  void shouldEndBeforeARecordThatCannotBeALeafAndLetAllElseGoOn() {
    try (TestTopology topology = new TestTopology(directory.resolve("state"))) {
      Facts facts = new Facts();
      topology.append(facts.requested("before"));
      Hash root = tree(topology).root(1);

      topology.appendBytes(Facts.TENANT, new byte[] {0, 0, 0, 1, 0, 2});
      topology.append(facts.requested("behind"));

      assertThat(topology.faults().of(0))
          .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("offset 1"));
      assertThat(tree(topology).root(1)).isEqualTo(root);
      assertThat(topology.rows(Stores.TREE)).hasSize(2);
      assertThat(topology.statuses()).hasSize(2);
    }
  }

  /** A record that is read once more must make the leaf that it has made before. */
  @ParameterizedTest
  @ValueSource(ints = {10, 255, 256, RECORDS - 1})
  void shouldFindARecordThatHasChangedSinceItWasRead(int changed) {
    Facts facts = new Facts();
    List<LedgerEvent> events =
        IntStream.range(0, RECORDS).mapToObj(i -> (LedgerEvent) facts.requested("r" + i)).toList();
    NumberedSchemas schemas = new NumberedSchemas();
    try (TestTopology topology = topology(schemas)) {
      events.forEach(topology::append);
    }

    try (TestTopology again = topology(schemas)) {
      events.forEach(again::append);
      assertThat(again.faults().of(0)).as("the same records").isEmpty();
    }

    try (TestTopology again = topology(schemas)) {
      for (int i = 0; i < RECORDS; i++) {
        again.append(i == changed ? facts.requested("another") : events.get(i));
      }
      assertThat(again.faults().of(0))
          .hasValueSatisfying(
              fault -> {
                assertThat(fault).isInstanceOf(IntegrityFault.Changed.class);
                assertThat(fault.position().offset()).isEqualTo(changed);
              });
    }
  }

  /** With the stores of the log as the one before has left them, and all else empty. */
  private TestTopology topology(NumberedSchemas schemas) {
    return new TestTopology(
        directory.resolve("state"), TestTopology.START, SigningSettings.DEFAULT, schemas);
  }

  private static TileTree tree(TestTopology topology) {
    LogStore store = topology.logStore(Stores.TREE);
    return new TileTree(tile -> TreeTiles.read(tile, store::get));
  }
}
