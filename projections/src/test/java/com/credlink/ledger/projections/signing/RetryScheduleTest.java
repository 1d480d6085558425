package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {

  private static final Instant NOW = Facts.BEGIN;

  @ParameterizedTest
  @CsvSource({
    "1, PT1S",
    "2, PT2S",
    "3, PT4S",
    "8, PT2M8S",
    "9, PT4M16S",
    // Twice that would be 8 min 32 s.
    "10, PT5M",
    "11, PT5M",
    "31, PT5M",
    "32, PT5M",
    "65, PT5M",
    "2147483647, PT5M",
    // There is no such attempt; still no wait of nothing.
    "0, PT1S",
    "-1, PT1S",
  })
  void shouldDoubleTheLongestWaitUpToTheCap(int attempt, Duration longest) {
    assertThat(RetrySchedule.cap(attempt)).isEqualTo(longest);
    assertThat(new RetrySchedule(Draws.highest()).dueAt(NOW, attempt)).isEqualTo(NOW.plus(longest));
    assertThat(new RetrySchedule(Draws.lowest()).dueAt(NOW, attempt)).isEqualTo(NOW);
  }

  @Property(seed = "20260301", tries = 1_000)
  void shouldStayWithinNowAndTheCap(@ForAll long seed, @ForAll int attempt) {
    Instant due = new RetrySchedule(new Random(seed)).dueAt(NOW, attempt);

    assertThat(due).isBetween(NOW, NOW.plus(RetrySchedule.CAP));
    assertThat(due).isBeforeOrEqualTo(NOW.plus(RetrySchedule.cap(attempt)));
  }

  @Test
  void shouldSpreadOverTheWholeWaitEvenly() {
    int draws = 8_000;
    int parts = 8;
    RetrySchedule schedule = new RetrySchedule(new Random(1));
    long part = RetrySchedule.cap(9).toMillis() / parts;

    int[] hits = new int[parts + 1];
    IntStream.range(0, draws)
        .mapToLong(_ -> Duration.between(NOW, schedule.dueAt(NOW, 9)).toMillis())
        .forEach(wait -> hits[(int) (wait / part)]++);

    assertThat(IntStream.range(0, parts).mapToObj(i -> hits[i]))
        .as("full jitter: what failed together is not tried again together")
        .allSatisfy(hit -> assertThat(hit).isBetween(900, 1_100));
  }

  @Test
  void shouldDrawAnewForEachFailure() {
    RetrySchedule schedule = new RetrySchedule(new Random(1));

    assertThat(IntStream.range(0, 10).mapToObj(_ -> schedule.dueAt(NOW, 9)).distinct())
        .hasSizeGreaterThan(5);
  }

  @Test
  void shouldBeAFunctionOfTheSourceItDrawsFrom() {
    RetrySchedule one = new RetrySchedule(new Random(7));
    RetrySchedule other = new RetrySchedule(new Random(7));

    for (int attempt = 1; attempt < 20; attempt++) {
      assertThat(one.dueAt(NOW, attempt)).isEqualTo(other.dueAt(NOW, attempt));
    }
  }
}
