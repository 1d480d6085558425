package com.credlink.ledger.topology.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.topology.signing.DueTimes.Reminder;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueTimesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final DueTimes dueTimes = new DueTimes(MemoryStore.open());

  @Test
  void shouldGiveOutWhatIsDueOldestFirstAndOnce() {
    dueTimes.remind(NOW, reminder("third", 300));
    dueTimes.remind(NOW.minusSeconds(3_600), reminder("first", 1));
    dueTimes.remind(NOW.minusMillis(1), reminder("second", 2));
    dueTimes.remind(NOW.plusMillis(1), reminder("later", 4));

    assertThat(dueTimes.due(NOW))
        .containsExactly(reminder("first", 1), reminder("second", 2), reminder("third", 300));
    assertThat(dueTimes.due(NOW)).isEmpty();
    assertThat(dueTimes.due(NOW.plusMillis(1))).containsExactly(reminder("later", 4));
  }

  @Test
  void shouldKeepApartWhatIsDueInTheSameMillisecond() {
    Reminder lease = new Reminder("LEASE", "tenant", "request", 1);
    Reminder retry = new Reminder("RETRY", "tenant", "request", 1);
    Reminder other = new Reminder("LEASE", "tenant", "request-2", 1);
    Reminder elsewhere = new Reminder("LEASE", "tenant-2", "request", 1);
    List.of(lease, retry, other, elsewhere).forEach(reminder -> dueTimes.remind(NOW, reminder));

    assertThat(dueTimes.due(NOW)).containsExactlyInAnyOrder(lease, retry, other, elsewhere);
  }

  @Test
  void shouldLeaveWhatIsTooMuchForOneTickToTheNext() {
    int reminders = DueTimes.MAX_PER_TICK + 1;
    IntStream.range(0, reminders).forEach(i -> dueTimes.remind(NOW, reminder("r" + i, 1)));

    assertThat(dueTimes.due(NOW)).hasSize(DueTimes.MAX_PER_TICK);
    assertThat(dueTimes.due(NOW)).hasSize(1);
  }

  private static Reminder reminder(String subject, int attempt) {
    return new Reminder("LEASE", "tenant", subject, attempt);
  }
}
