package com.credlink.ledger.api.read;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list of signing requests goes on. Opaque to callers.
 *
 * @param after offset of the fact that the last request given began with
 */
record RequestCursor(long after) {

  /** No sign and no leading zero: one offset has one spelling. */
  private static final Pattern TEXT = Pattern.compile("after-(0|[1-9]\\d{0,17})");

  /** The cursor as text. */
  String encode() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("after-" + after).getBytes(StandardCharsets.US_ASCII));
  }

  /** The cursor that {@code text} spells, or a problem; one of another list is none. */
  static RequestCursor decode(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      Matcher matcher = TEXT.matcher(plain);
      if (matcher.matches()) {
        return new RequestCursor(Long.parseLong(matcher.group(1)));
      }
    } catch (IllegalArgumentException notBase64) {
      // answered below
    }
    throw Parameters.invalid("cursor", "is none that this ledger gave");
  }
}
