package com.credlink.ledger.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A worker's stop signal, which also ends the waits between its attempts. */
final class Pause {

  private static final Duration BACK_OFF = Duration.ofMillis(500);

  private final CountDownLatch stopped = new CountDownLatch(1);

  void stop() {
    stopped.countDown();
  }

  boolean stopped() {
    return stopped.getCount() == 0;
  }

  /** Waits before the next attempt, or until stopped. */
  void backOff() {
    try {
      if (stopped.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }
}
