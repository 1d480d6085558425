package com.credlink.ledger.cli;

import java.time.Duration;
import java.time.Instant;

/**
 * Says on stderr how far a long pass over a known number of records has come: a bar that is drawn
 * again and again on a terminal, a line every few seconds elsewhere. Whoever starts the process
 * knows whether stderr is a terminal; the launcher says so in {@link #VARIABLE}.
 */
final class Meter {

  /** {@code bar} where stderr is a terminal. */
  static final String VARIABLE = "LEDGER_PROGRESS";

  private static final Duration LINES = Duration.ofSeconds(3);
  private static final Duration REDRAW = Duration.ofMillis(200);

  /** The clock is asked once for so many records. */
  private static final int STEP = 1 << 10;

  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\u001b[K";

  private final Console console;
  private final String what;

  /** Records that were behind us before; none were counted yet while negative. */
  private long from = -1;

  private final boolean bar;
  private final Instant began;
  private Instant next;
  private boolean drawn;

  /** A meter that begins now. */
  Meter(Console console, String what) {
    this.console = console;
    this.what = what;
    this.bar = "bar".equals(console.environment().get(VARIABLE));
    this.began = console.clock().instant();
    this.next = began.plus(bar ? REDRAW : LINES);
  }

  /** {@code done} records of {@code end} are behind us. */
  void at(long done, long end) {
    if (from < 0) {
      from = done - 1;
    }
    if (done % STEP != 0) {
      return;
    }
    Instant now = console.clock().instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(bar ? REDRAW : LINES);
    long millis = Math.max(1, Duration.between(began, now).toMillis());
    long perSecond = Math.max(1, (done - from) * 1_000 / millis);
    String line =
        "%s: %,d of %,d records, %,d/s, %,d s left"
            .formatted(what, done, end, perSecond, (end - done) / perSecond);
    if (bar) {
      int filled = (int) (WIDTH * done / Math.max(1, end));
      console
          .err()
          .print(CLEAR + "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + line);
      console.err().flush();
      drawn = true;
    } else {
      console.err().println(line);
    }
  }

  /** Takes the bar away, so that what is said next has its line for itself. */
  void done() {
    if (drawn) {
      console.err().print(CLEAR);
      console.err().flush();
      drawn = false;
    }
  }
}
