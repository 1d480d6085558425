package com.credlink.ledger.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may wrap round
  private final CircuitBreaker breaker = new CircuitBreaker(now::get);

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed();
    }
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void shouldOpenOnlyAfterFailuresInARow() {
    failTimes(CircuitBreaker.THRESHOLD - 1);
    breaker.succeeded();
    failTimes(CircuitBreaker.THRESHOLD - 1);
    assertThat(breaker.holds()).isFalse();

    breaker.failed();
    assertThat(breaker.holds()).isTrue();
  }

  @Test
  void shouldLetOneProbePassAndCloseWhenItSucceeds() throws Exception {
    failTimes(CircuitBreaker.THRESHOLD);
    pass(CircuitBreaker.FIRST_WAIT.minusNanos(1));
    assertThat(breaker.holds()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(breaker.holds()).isFalse();

    assertThat(breaker.await()).as("the probe").isTrue();
    assertThat(breaker.holds()).as("for the others").isTrue();
    breaker.succeeded();
    assertThat(breaker.holds()).isFalse();
  }

  @Test
  void shouldWaitTwiceAsLongAfterEachProbeThatFailsUpToTheLongest() throws Exception {
    failTimes(CircuitBreaker.THRESHOLD);
    Duration wait = CircuitBreaker.FIRST_WAIT;
    for (int probe = 0; probe < 10; probe++) {
      pass(wait.minusNanos(1));
      assertThat(breaker.holds()).as("probe %d, early", probe).isTrue();
      pass(Duration.ofNanos(1));
      assertThat(breaker.await()).as("probe %d", probe).isTrue();
      breaker.failed();
      wait = wait.multipliedBy(2);
      if (wait.compareTo(CircuitBreaker.LONGEST_WAIT) > 0) {
        wait = CircuitBreaker.LONGEST_WAIT;
      }
    }
    assertThat(wait).isEqualTo(CircuitBreaker.LONGEST_WAIT);
  }

  /** The log was down, say: nothing was learnt, and the next one may try. */
  @Test
  void shouldLetAnotherProbePassWhenOneLearntNothing() throws Exception {
    failTimes(CircuitBreaker.THRESHOLD);
    pass(CircuitBreaker.FIRST_WAIT);
    assertThat(breaker.await()).isTrue();
    breaker.unknown();
    assertThat(breaker.holds()).isFalse();
  }

  @Test
  void shouldWakeWhoWaitsForAProbeAndWhoWaitsInVain() {
    failTimes(CircuitBreaker.THRESHOLD);
    pass(CircuitBreaker.FIRST_WAIT);
    AtomicInteger passed = new AtomicInteger();
    CompletableFuture<?> one = CompletableFuture.runAsync(() -> count(passed));
    CompletableFuture<?> other = CompletableFuture.runAsync(() -> count(passed));
    await("the probe").until(() -> passed.get() == 1);
    breaker.succeeded();
    await("the other").until(() -> passed.get() == 2);
    CompletableFuture.allOf(one, other).join();

    failTimes(CircuitBreaker.THRESHOLD);
    CompletableFuture<Boolean> inVain =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return breaker.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    breaker.giveUp();
    assertThat(inVain.join()).isFalse();
  }

  private void count(AtomicInteger passed) {
    try {
      assertThat(breaker.await()).isTrue();
      passed.incrementAndGet();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
