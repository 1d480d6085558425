package com.credlink.ledger.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppliedOffsetsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final AppliedOffsets applied = new AppliedOffsets();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  @Test
  void shouldAnswerAtOnceForWhatIsPassed() throws Exception {
    applied.advance(1, 7);

    assertThat(applied.await(new Position(1, 7), AT_ONCE)).isTrue();
    assertThat(applied.await(new Position(1, 8), AT_ONCE)).isFalse();
    assertThat(applied.await(new Position(2, 0), AT_ONCE)).isFalse();
    assertThat(applied.of(1)).hasValue(7);
    assertThat(applied.of(2)).isEmpty();
  }

  @Test
  void shouldWakeThoseWhoseOffsetIsPassedAndNobodyElse() throws Exception {
    Future<Boolean> fifth = callers.submit(waitFor(0, 5));
    Future<Boolean> fifthToo = callers.submit(waitFor(0, 5));
    Future<Boolean> sixth = callers.submit(waitFor(0, 6));
    Future<Boolean> elsewhere = callers.submit(waitFor(1, 5));

    applied.advance(0, 5);

    assertThat(fifth.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(fifthToo.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sixth.isDone() || elsewhere.isDone()).isFalse();

    applied.advance(0, 9);
    applied.advance(1, 5);

    assertThat(sixth.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(elsewhere.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldStillWakeOneWhenAnotherGaveUp() throws Exception {
    Future<Boolean> patient = callers.submit(waitFor(0, 3));
    assertThat(applied.await(new Position(0, 3), AT_ONCE)).isFalse();

    applied.advance(0, 3);

    assertThat(patient.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldNotCoverWhatAnotherProcessTookOver() {
    applied.advance(0, 3);
    applied.forget(0);

    assertThat(applied.covers(new Position(0, 3))).isFalse();
  }

  /** Whoever comes in the moment of the record must not sleep through it. */
  @Test
  void shouldLoseNobodyWhoEntersWhileRecordsCome() throws Exception {
    int records = 20_000;
    List<Future<Boolean>> waiting = new ArrayList<>();
    Future<?> log =
        callers.submit(
            () -> {
              for (int offset = 0; offset < records; offset++) {
                applied.advance(0, offset);
              }
            });
    for (int i = 0; i < records; i += 7) {
      waiting.add(callers.submit(waitFor(0, i)));
    }

    log.get(30, TimeUnit.SECONDS);
    await().atMost(Duration.ofSeconds(10)).until(() -> waiting.stream().allMatch(Future::isDone));
    for (Future<Boolean> one : waiting) {
      assertThat(one.get()).isTrue();
    }
  }

  private Callable<Boolean> waitFor(int partition, long offset) {
    return () -> applied.await(new Position(partition, offset), PATIENCE);
  }
}
