package com.credlink.ledger.cli;

import java.time.Duration;
import java.time.Instant;

/** Says every few seconds how far a long pass over a log has come. */
final class ProgressLine {

  private static final Duration EVERY = Duration.ofSeconds(3);

  private final Console console;
  private final String what;
  private Instant next;

  ProgressLine(Console console, String what) {
    this.console = console;
    this.what = what;
    this.next = console.clock().instant().plus(EVERY);
  }

  /** {@code done} entries are behind us. */
  void entries(long done) {
    Instant now = console.clock().instant();
    if (!now.isBefore(next)) {
      next = now.plus(EVERY);
      console.err().println("%s: %,d entries".formatted(what, done));
    }
  }
}
