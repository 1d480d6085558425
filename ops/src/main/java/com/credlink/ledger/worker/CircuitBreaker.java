package com.credlink.ledger.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps jobs away from a backend that is down, so that an outage burns no attempts: after {@link
 * #THRESHOLD} failures in a row nobody passes for a while; then one job is let through as a probe,
 * and its end decides whether the others follow. The wait doubles from {@link #FIRST_WAIT} up to
 * {@link #LONGEST_WAIT}.
 */
final class CircuitBreaker {

  /** Failures in a row that open it. */
  static final int THRESHOLD = 3;

  /** How long nobody passes after it opened. */
  static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /** The longest time that nobody passes. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private int failures;
  private Duration wait = FIRST_WAIT;
  private long opensAt;
  private boolean probing;
  private boolean givenUp;

  /**
   * A closed breaker.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  CircuitBreaker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether a job that came now would have to wait. */
  boolean holds() {
    lock.lock();
    try {
      return !passes();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a job may go to the backend; false when the worker is stopping. */
  boolean await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!givenUp && !passes()) {
        if (probing) {
          changed.await();
        } else {
          changed.awaitNanos(opensAt - nanoTime.getAsLong());
        }
      }
      probing = failures >= THRESHOLD;
      return !givenUp;
    } finally {
      lock.unlock();
    }
  }

  private boolean passes() {
    return failures < THRESHOLD || (!probing && nanoTime.getAsLong() - opensAt >= 0);
  }

  /** The backend answered. */
  void succeeded() {
    settle(0, FIRST_WAIT);
  }

  /** The backend is down. */
  void failed() {
    lock.lock();
    try {
      boolean again = failures >= THRESHOLD;
      Duration next = again ? longer(wait) : FIRST_WAIT;
      opensAt = nanoTime.getAsLong() + next.toNanos();
      settle(Math.min(failures + 1, THRESHOLD), next);
    } finally {
      lock.unlock();
    }
  }

  private static Duration longer(Duration wait) {
    Duration doubled = wait.multipliedBy(2);
    return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
  }

  /** A job that passed never came to the backend; another may probe it. */
  void unknown() {
    lock.lock();
    try {
      settle(failures, wait);
    } finally {
      lock.unlock();
    }
  }

  private void settle(int failures, Duration wait) {
    lock.lock();
    try {
      this.failures = failures;
      this.wait = wait;
      probing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody passes any more; who waits is told. */
  void giveUp() {
    lock.lock();
    try {
      givenUp = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
