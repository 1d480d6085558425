package com.credlink.ledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T08:15:30.123Z");

  @Test
  void shouldBeVersionSevenWithItsMillisecondsInFront() {
    Ids ids = Ids.uuidV7(InstantSource.fixed(NOW), new Random(1));

    UUID id = UUID.fromString(ids.next());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void shouldGrowWhileTheClockStandsStillOrGoesBack() {
    List<Instant> clock = new ArrayList<>(Collections.nCopies(5_000, NOW));
    clock.addAll(Collections.nCopies(5_000, NOW.minusSeconds(10)));
    var times = clock.iterator();
    Ids ids = Ids.uuidV7(times::next, new Random(2));

    List<String> made = IntStream.range(0, clock.size()).mapToObj(_ -> ids.next()).toList();

    assertThat(made).isSorted().doesNotHaveDuplicates();
    long drift = millis(made.getLast()) - NOW.toEpochMilli();
    assertThat(drift).isBetween(0L, 4L);
  }

  @Test
  void shouldBeUniqueAmongThreads() {
    Ids ids = Ids.uuidV7(InstantSource.fixed(NOW), new Random(3));
    Set<String> made = ConcurrentHashMap.newKeySet();

    IntStream.range(0, 20_000).parallel().forEach(_ -> made.add(ids.next()));

    assertThat(made).hasSize(20_000);
  }

  @Test
  void shouldDeriveTheSameIdForEver() {
    // SHA-256 of 00000001 61 00000001 62, first 16 bytes, version and variant set.
    assertThat(Ids.derived("a", "b")).isEqualTo("16275ef0-f5d0-8b9d-99e0-a53277549fda");
    assertThat(UUID.fromString(Ids.derived("a", "b")).version()).isEqualTo(8);
  }

  @Test
  void shouldDeriveOtherIdsForPartsCutElsewhere() {
    assertThat(Ids.derived("ab", "c")).isNotEqualTo(Ids.derived("a", "bc"));
    assertThat(Ids.derived("a")).isNotEqualTo(Ids.derived("a", ""));
  }

  private static long millis(String id) {
    return UUID.fromString(id).getMostSignificantBits() >>> 16;
  }
}
