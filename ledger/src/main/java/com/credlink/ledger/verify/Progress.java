package com.credlink.ledger.verify;

import java.util.function.Supplier;

/** Told how far a pass over a partition has come. */
public interface Progress {

  /** Nobody is told. */
  Progress NONE = (size, end, state) -> {};

  /**
   * All before {@code size} is verified.
   *
   * @param end where the pass ends
   * @param state to go on from here another time; costs something to make
   */
  void at(long size, long end, Supplier<CheckState> state);

  /** The pass is over. */
  default void finished(long size, Supplier<CheckState> state) {
    at(size, size, state);
  }
}
