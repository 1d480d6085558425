package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list goes on, and the newest offsets that it shows: all pages of one list are one view of
 * the log, however it grows meanwhile. Opaque to callers; it holds offsets only, so there is
 * nothing in it to forge.
 *
 * @param after last offset given, by partition
 * @param until newest offset listed, by partition
 */
public record Cursor(Map<Integer, Long> after, Map<Integer, Long> until) {

  private static final Pattern PAIR = Pattern.compile("(\\d{1,6})-(\\d{1,18})");

  /** The cursor as text. */
  public String encode() {
    String text = part(after) + ';' + part(until);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The cursor that {@code text} spells, or a problem. */
  public static Cursor decode(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      int middle = plain.indexOf(';');
      if (middle >= 0) {
        return new Cursor(read(plain.substring(0, middle)), read(plain.substring(middle + 1)));
      }
    } catch (IllegalArgumentException notOurs) {
      // answered below
    }
    throw unknown();
  }

  private static ProblemException unknown() {
    return Parameters.invalid("cursor", "is none that this ledger gave");
  }

  private static String part(Map<Integer, Long> offsets) {
    StringBuilder text = new StringBuilder();
    offsets.forEach(
        (partition, offset) -> {
          if (offset >= 0) {
            text.append(text.isEmpty() ? "" : ",").append(partition).append('-').append(offset);
          }
        });
    return text.toString();
  }

  private static Map<Integer, Long> read(String part) {
    Map<Integer, Long> offsets = new TreeMap<>();
    for (String pair : part.isEmpty() ? new String[0] : part.split(",", -1)) {
      Matcher matcher = PAIR.matcher(pair);
      if (!matcher.matches()) {
        throw unknown();
      }
      offsets.put(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
    return offsets;
  }
}
