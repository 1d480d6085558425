package com.credlink.ledger.api.read;

import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which of several representations a caller wants (RFC 9110 section 12.5.1). */
final class Accept {

  private Accept() {}

  /**
   * A range of the header.
   *
   * @param quality 0 to 1
   * @param precision 0 for any type, 1 for any of a kind, 2 for one type
   */
  private record Range(String type, double quality, int precision) {
    boolean has(String mediaType) {
      return switch (precision) {
        case 0 -> true;
        case 1 -> mediaType.startsWith(type.substring(0, type.length() - 1));
        default -> mediaType.equals(type);
      };
    }
  }

  /**
   * The best of {@code offered}: by quality, then by how precisely it is named, then in the order
   * given. Without the header it is the first; empty when none will do.
   */
  static Optional<String> best(Context ctx, List<String> offered) {
    String header = ctx.header("Accept");
    if (header == null || header.isBlank()) {
      return offered.stream().findFirst();
    }
    List<Range> ranges = List.of(header.split(",", -1)).stream().map(Accept::range).toList();
    record Match(String mediaType, Range range) {}
    return offered.stream()
        .flatMap(
            mediaType -> mostPrecise(ranges, mediaType).map(r -> new Match(mediaType, r)).stream())
        .filter(match -> match.range().quality() > 0)
        // The first of equals wins: min() keeps it.
        .min(
            Comparator.comparingDouble((Match match) -> -match.range().quality())
                .thenComparingInt(match -> -match.range().precision()))
        .map(Match::mediaType);
  }

  private static Optional<Range> mostPrecise(List<Range> ranges, String mediaType) {
    return ranges.stream()
        .filter(range -> range.has(mediaType))
        .min(Comparator.comparingInt(range -> -range.precision()));
  }

  private static Range range(String text) {
    String[] parts = text.split(";", -1);
    String type = parts[0].strip().toLowerCase(Locale.ROOT);
    double quality = 1;
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        quality = quality(parameter.substring(2));
      }
    }
    return new Range(type, quality, type.equals("*/*") ? 0 : type.endsWith("/*") ? 1 : 2);
  }

  /** What is no number counts as 0: such a range asks for nothing. */
  private static double quality(String text) {
    return text.matches("[01](\\.\\d{0,3})?") ? Math.min(1, Double.parseDouble(text)) : 0;
  }
}
