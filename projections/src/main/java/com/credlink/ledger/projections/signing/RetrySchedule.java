package com.credlink.ledger.projections.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is made again: full jitter, a random time between now and an exponentially
 * growing cap, so that what failed together is not tried again together. The result goes into the
 * failure's fact; no fold ever draws a random number.
 */
public final class RetrySchedule {

  /** Cap of the first retry. */
  public static final Duration BASE = Duration.ofSeconds(1);

  /** Cap of every later one. */
  public static final Duration CAP = Duration.ofMinutes(5);

  private final RandomGenerator random;

  /** Draws from {@code random}. */
  public RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /** When the attempt after {@code attempt} (from 1) is due. */
  public Instant dueAt(Instant now, int attempt) {
    return now.plusMillis(random.nextLong(cap(attempt).toMillis() + 1));
  }

  /** The longest wait after {@code attempt} (from 1). */
  static Duration cap(int attempt) {
    int doublings = Math.clamp(attempt - 1, 0, 30);
    Duration grown = BASE.multipliedBy(1L << doublings);
    return grown.compareTo(CAP) < 0 ? grown : CAP;
  }
}
