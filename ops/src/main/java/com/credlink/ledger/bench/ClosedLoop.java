package com.credlink.ledger.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/** As many requests as the answers allow. */
final class ClosedLoop {

  private ClosedLoop() {}

  /** Answers per second of {@code workers} that each send again when they were answered. */
  static double run(Duration duration, int workers, OpenLoop.Request request) throws Exception {
    LongAdder answers = new LongAdder();
    Failure failure = new Failure();
    CountDownLatch done = new CountDownLatch(workers);
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    for (int w = 0; w < workers; w++) {
      int worker = w;
      var _ =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      while (System.nanoTime() < end && failure.isNone()) {
                        request.send(worker);
                        answers.increment();
                      }
                    } catch (Exception e) {
                      failure.set(e);
                    } finally {
                      done.countDown();
                    }
                  });
    }
    done.await();
    failure.rethrow();
    return answers.sum() * 1e9 / (System.nanoTime() - start);
  }
}
