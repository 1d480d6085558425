package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** All state is a fold of the log: it can be lost and read again. */
class ReplayTest {

  /** Reminders are set by the clock and find their reason gone. */
  private static final Set<Kind> FOLDED = EnumSet.complementOf(EnumSet.of(Kind.DUE));

  /** What a day of two shops that have no resource in common leaves empty. */
  private static final Set<Kind> RARE = EnumSet.of(Kind.BINDINGS, Kind.DISPUTES);

  private static final List<String> STORES =
      List.of(Stores.SIGNING_BY_TENANT, Stores.TREE, Stores.TRAIL);

  /** One day in the life of two shops, read again with a clock that shows another time. */
  @Property(tries = 8)
  void shouldHaveTheSameBytesInEveryStoreAfterAReplay(@ForAll long seed) throws Exception {
    Path directory = Files.createTempDirectory("replay");
    try (TestTopology first = new TestTopology(directory.resolve("first"))) {
      Day day = new Day(first, seed);
      day.live();
      assertThat(day.unfinished()).isEmpty();

      try (TestTopology again =
          first.rebuilt(
              directory.resolve("again"), TestTopology.START.plus(Duration.ofDays(seed & 1)))) {
        for (LedgerEvent event : day.log()) {
          again.append(event);
          again.pass(Duration.ofMillis(150));
        }
        for (Kind table : FOLDED) {
          assertThat(again.rows(table)).as(table.name()).isEqualTo(first.rows(table));
          assertThat(again.rows(table).isEmpty()).as(table.name()).isEqualTo(RARE.contains(table));
        }
        for (String store : STORES) {
          assertThat(again.rows(store)).as(store).isEqualTo(first.rows(store)).isNotEmpty();
        }
      }
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
