package com.credlink.ledger.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the log of a partition in its checkpoints: {@code ledger/partition}, and after it was ended
 * and begun anew {@code ledger/partition/g2} and so on.
 *
 * @param ledger name of the ledger
 * @param partition number of the partition
 * @param generation 1 for the first log of the partition
 */
public record LogOrigin(String ledger, int partition, int generation) {

  private static final Pattern FORM =
      Pattern.compile("(?<ledger>.+?)/(?<partition>\\d{1,6})(?:/g(?<generation>[1-9]\\d{0,5}))?");

  /** The first log of a partition. */
  public static LogOrigin first(String ledger, int partition) {
    return new LogOrigin(ledger, partition, 1);
  }

  /**
   * Reads the origin of a checkpoint of {@code partition}.
   *
   * @throws IllegalArgumentException if it is not of that partition
   */
  public static LogOrigin parse(String origin, int partition) {
    Matcher matcher = FORM.matcher(origin);
    if (matcher.matches() && Integer.parseInt(matcher.group("partition")) == partition) {
      String generation = matcher.group("generation");
      return new LogOrigin(
          matcher.group("ledger"),
          partition,
          generation == null ? 1 : Integer.parseInt(generation));
    }
    throw new IllegalArgumentException(
        "'%s' is not the origin of a log of partition %d".formatted(origin, partition));
  }

  /** The log that is begun when this one is ended. */
  public LogOrigin successor() {
    return new LogOrigin(ledger, partition, generation + 1);
  }

  @Override
  public String toString() {
    String first = ledger + "/" + partition;
    return generation == 1 ? first : first + "/g" + generation;
  }
}
