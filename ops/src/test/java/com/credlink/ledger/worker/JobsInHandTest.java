package com.credlink.ledger.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobsInHandTest {

  private final JobsInHand jobs = new JobsInHand();
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void close() {
    jobs.close();
  }

  @Test
  void shouldNotBeginAJobThatIsUnderWayOrDone() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Future<?> first =
        jobs.begin(
            "a",
            () -> {
              begun.incrementAndGet();
              join(end);
            });
    assertThat(jobs.begin("a", begun::incrementAndGet)).isSameAs(first);
    end.countDown();
    first.get();
    assertThat(jobs.begin("a", begun::incrementAndGet)).isSameAs(first);
    jobs.begin("b", begun::incrementAndGet).get();
    assertThat(begun).hasValue(2);
  }

  @Test
  void shouldBeginAgainWhatFailed() throws Exception {
    Future<?> failed =
        jobs.begin(
            "a",
            () -> {
              throw new IllegalStateException("the log is down");
            });
    assertThatThrownBy(failed::get).hasMessageContaining("the log is down");
    jobs.begin("a", begun::incrementAndGet).get();
    assertThat(begun).hasValue(1);
  }

  @Test
  void shouldForgetTheOldestThatAreDone() throws Exception {
    for (int i = 0; i <= JobsInHand.REMEMBERED; i++) {
      jobs.begin("job " + i, begun::incrementAndGet).get();
    }
    jobs.begin("job 1", begun::incrementAndGet).get();
    assertThat(begun).as("still remembered").hasValue(JobsInHand.REMEMBERED + 1);
    jobs.begin("job 0", begun::incrementAndGet).get();
    assertThat(begun).as("forgotten").hasValue(JobsInHand.REMEMBERED + 2);
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
