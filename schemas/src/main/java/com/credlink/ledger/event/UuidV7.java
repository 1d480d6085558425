package com.credlink.ledger.event;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** See {@link Ids#uuidV7}. */
final class UuidV7 implements Ids {

  private static final int COUNTER_BITS = 12;

  /** A counter starts in its lower half, so that a millisecond has room for 2048 ids at least. */
  private static final int COUNTER_SEED = 1 << (COUNTER_BITS - 1);

  private final InstantSource clock;
  private final RandomGenerator random;

  /** Milliseconds and counter of the last id, as one number that only grows. */
  private long last;

  UuidV7(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String next() {
    long ticks;
    long low;
    synchronized (this) {
      long now = (clock.millis() << COUNTER_BITS) | random.nextInt(COUNTER_SEED);
      // A full counter carries into the milliseconds.
      last = Math.max(now, last + 1);
      ticks = last;
      low = random.nextLong();
    }
    long high = (ticks >>> COUNTER_BITS << 16) | (ticks & ((1 << COUNTER_BITS) - 1));
    return uuid(high, low, 7);
  }

  /** The 122 free bits of {@code high} and {@code low} as a UUID of that version, RFC variant. */
  static String uuid(long high, long low, int version) {
    long withVersion = (high & ~0xF000L) | ((long) version << 12);
    long withVariant = (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(withVersion, withVariant).toString();
  }
}
