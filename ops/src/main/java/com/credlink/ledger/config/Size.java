package com.credlink.ledger.config;

import java.util.Map;
import java.util.regex.Pattern;

/** A number of bytes, written with its unit: {@code 64MiB}. */
public record Size(long bytes) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)");
  private static final Map<String, Long> UNITS =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  /**
   * Reads {@code text}.
   *
   * @throws IllegalArgumentException if it has no unit or is not a number, saying what it is not
   */
  public static Size parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a size with its unit, such as 512KiB or 64MiB");
    }
    return new Size(
        Math.multiplyExact(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2))));
  }
}
