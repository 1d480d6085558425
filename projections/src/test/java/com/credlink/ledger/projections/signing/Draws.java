package com.credlink.ledger.projections.signing;

import java.util.random.RandomGenerator;

/** Sources of randomness that always draw an extreme. */
final class Draws {

  private Draws() {}

  /** Draws the lowest number of every range. */
  static RandomGenerator lowest() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return Long.MIN_VALUE;
      }

      @Override
      public long nextLong(long bound) {
        return 0;
      }
    };
  }

  /** Draws the highest number of every range. */
  static RandomGenerator highest() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return Long.MAX_VALUE;
      }

      @Override
      public long nextLong(long bound) {
        return bound - 1;
      }
    };
  }
}
