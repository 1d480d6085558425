package com.credlink.ledger.api.read;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Times that callers write. Java's own parser goes on to the year 999999999, which the log's
 * microseconds cannot hold and which RFC 3339, section 5.6, cannot spell.
 */
public final class Rfc3339 {

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

  private Rfc3339() {}

  /**
   * The instant that {@code text} spells, with four digits for its year in UTC.
   *
   * @throws DateTimeException when it spells none
   */
  public static Instant instant(String text) {
    Instant at = OffsetDateTime.parse(text).toInstant();
    if (at.isBefore(FIRST) || !at.isBefore(AFTER_LAST)) {
      throw new DateTimeException("The year has not four digits");
    }
    return at;
  }
}
