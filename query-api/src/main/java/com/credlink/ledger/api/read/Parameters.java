package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.note.SignedNote;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Query parameters: each wrong one is a sentence that names it. */
public final class Parameters {

  /** Largest page. */
  public static final int MAX_LIMIT = 500;

  /** Page when none is asked for. */
  public static final int DEFAULT_LIMIT = 50;

  /** Longest long poll. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(60);

  /** Eighteen digits always fit a long. */
  private static final Pattern SIZE = Pattern.compile("0|[1-9]\\d{0,17}");

  private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(ms|s)");

  private Parameters() {}

  /** A parameter that may be given once: of two, one would be passed over in silence. */
  public static Optional<String> once(Context ctx, String name) {
    List<String> values = all(ctx, name);
    if (values.size() > 1) {
      throw invalid(name, "is given more than once");
    }
    return values.stream().findFirst();
  }

  /** Every value of a parameter. Of a query that cannot be decoded the server would show none. */
  private static List<String> all(Context ctx, String name) {
    try {
      URLDecoder.decode(Optional.ofNullable(ctx.queryString()).orElse(""), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER, "The query is not percent-encoded as RFC 3986 has it.");
    }
    return ctx.queryParams(name);
  }

  /** {@code witnesses}, from 0 to as many as a note has lines for. */
  static int witnesses(Context ctx) {
    String text = once(ctx, "witnesses").orElse("0");
    if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= SignedNote.MAX_SIGNATURES) {
      return Integer.parseInt(text);
    }
    throw invalid("witnesses", "is not a number from 0 to " + SignedNote.MAX_SIGNATURES);
  }

  /** {@code limit}, from 1 to {@link #MAX_LIMIT}. */
  public static int limit(Context ctx) {
    String text = once(ctx, "limit").orElse(null);
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException notANumber) {
      // answered below
    }
    throw invalid("limit", "is not a number from 1 to " + MAX_LIMIT);
  }

  /** A size of a log, from 0. */
  public static Optional<Long> size(Context ctx, String name) {
    String text = once(ctx, name).orElse(null);
    if (text == null) {
      return Optional.empty();
    }
    if (!SIZE.matcher(text).matches()) {
      throw invalid(name, "is not the size of a log");
    }
    return Optional.of(Long.parseLong(text));
  }

  /** {@code order}: true for newest first, which is the default. */
  public static boolean newestFirst(Context ctx) {
    String order = once(ctx, "order").orElse("desc");
    return switch (order) {
      case "desc" -> true;
      case "asc" -> false;
      default -> throw invalid("order", "is neither asc nor desc");
    };
  }

  /** A time, RFC 3339. */
  public static Optional<Instant> time(Context ctx, String name) {
    String text = once(ctx, name).orElse(null);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Rfc3339.instant(text));
    } catch (DateTimeException e) {
      throw invalid(name, "is not an RFC 3339 time, such as 2026-11-23T00:00:00Z");
    }
  }

  /** {@code wait}, such as {@code 30s}; none means answer at once. */
  public static Duration wait(Context ctx) {
    String text = once(ctx, "wait").orElse(null);
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher matcher = WAIT.matcher(text);
    if (!matcher.matches()) {
      throw invalid("wait", "is not a duration, such as 30s");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration wait =
        matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
  }

  /** One of {@code allowed}. */
  public static Optional<String> oneOf(Context ctx, String name, Set<String> allowed) {
    String text = once(ctx, name).orElse(null);
    if (text != null && !allowed.contains(text)) {
      throw invalid(name, "is none of " + String.join(", ", allowed.stream().sorted().toList()));
    }
    return Optional.ofNullable(text);
  }

  /** A comma-separated or repeated parameter, each of {@code allowed}. */
  public static Set<String> someOf(Context ctx, String name, Set<String> allowed) {
    Set<String> chosen = new java.util.LinkedHashSet<>();
    for (String value : all(ctx, name)) {
      chosen.addAll(Arrays.asList(value.split(",", -1)));
    }
    for (String one : chosen) {
      if (!allowed.contains(one)) {
        throw invalid(name, "names '" + abbreviated(one) + "', which does not exist");
      }
    }
    return chosen;
  }

  private static String abbreviated(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  static ProblemException invalid(String name, String what) {
    return new ProblemException(
        Problem.INVALID_PARAMETER, "The parameter '" + name + "' " + what + ".");
  }
}
