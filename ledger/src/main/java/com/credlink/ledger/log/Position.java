package com.credlink.ledger.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a fact stands in the log, for ever.
 *
 * @param partition partition of {@link Topics#EVENTS}, from 0.
 * @param offset offset in it, from 0; also the index of its leaf.
 */
public record Position(int partition, long offset) {

  /** Nine and eighteen digits always fit an int and a long. */
  private static final Pattern TOKEN = Pattern.compile("(0|[1-9][0-9]{0,8}):(0|[1-9][0-9]{0,17})");

  public Position {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "A position is not negative: %d:%d".formatted(partition, offset));
    }
  }

  /** The position that {@code token} writes as {@code <partition>:<offset>}, if it does. */
  public static Optional<Position> parse(String token) {
    Matcher matcher = TOKEN.matcher(token);
    return matcher.matches()
        ? Optional.of(
            new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** {@code <partition>:<offset>}, the token of the {@code Ledger-Position} header. */
  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
