package com.credlink.ledger.projections.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Bytes;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstSeenTest {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
  private static final Duration MICRO = Duration.ofNanos(1_000);

  private final FirstSeen seen = new FirstSeen("event-1", "tenant", AT, Bytes.EMPTY);

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT1S", "PT48H", "PT720H"})
  void shouldBeRememberedUntilTheEndAndNotLonger(Duration memory) {
    assertThat(seen.remembered(AT, memory)).isTrue();
    assertThat(seen.remembered(AT.plus(memory), memory)).isTrue();
    assertThat(seen.remembered(AT.plus(memory).plus(MICRO), memory)).isFalse();
  }

  @Test
  void shouldBeRememberedWhenTheClockOfAnotherGatewayIsBehind() {
    assertThat(seen.remembered(AT.minus(MICRO), FirstSeen.MEMORY)).isTrue();
  }

  @Test
  void shouldRememberDeliveriesForTwoDaysAndResourcesForThirty() {
    assertThat(FirstSeen.MEMORY).isEqualTo(Duration.ofDays(2));
    assertThat(FirstSeen.BINDING).isEqualTo(Duration.ofDays(30));
  }
}
