package com.credlink.ledger.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Requests at a fixed rate, whether or not the answers keep up. A latency counts from the moment at
 * which its request was due, so that a pause is felt by all who would have come during it.
 */
final class OpenLoop {

  private static final long MAX_MICROS = 60_000_000;

  private OpenLoop() {}

  /** One request of the thread numbered {@code worker}. */
  @FunctionalInterface
  interface Request {
    void send(int worker) throws Exception;
  }

  /** Microseconds from due to done. Fails with the first failure of a request. */
  static Histogram run(int perSecond, Duration duration, int workers, Request request)
      throws Exception {
    Histogram micros = new ConcurrentHistogram(MAX_MICROS, 3);
    AtomicLong next = new AtomicLong();
    long total = perSecond * duration.toSeconds();
    long gap = 1_000_000_000L / perSecond;
    long start = System.nanoTime() + 10_000_000L;
    CountDownLatch done = new CountDownLatch(workers);
    Failure failure = new Failure();
    for (int w = 0; w < workers; w++) {
      int worker = w;
      var _ =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      for (long n = next.getAndIncrement();
                          n < total && failure.isNone();
                          n = next.getAndIncrement()) {
                        long due = start + n * gap;
                        waitUntil(due);
                        request.send(worker);
                        micros.recordValue(
                            Math.clamp((System.nanoTime() - due) / 1000, 1, MAX_MICROS));
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
    return micros;
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
