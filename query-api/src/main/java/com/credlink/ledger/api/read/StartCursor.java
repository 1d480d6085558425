package com.credlink.ledger.api.read;

import com.credlink.ledger.topology.query.SigningView.OpenStart;
import com.credlink.ledger.topology.query.SigningView.OpenStartKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a list of starts without an outcome goes on. Opaque to callers. */
final class StartCursor {

  private static final Pattern TEXT = Pattern.compile("start ([0-9a-f-]{36}) ([0-9a-f-]{36})");

  private StartCursor() {}

  /** The cursor behind {@code last}. */
  static String encode(OpenStart last) {
    String text = "start " + last.requestId() + ' ' + last.start().eventId();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What {@code text} spells, or a problem; one of another list is none. */
  static OpenStartKey decode(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      Matcher matcher = TEXT.matcher(plain);
      if (matcher.matches()) {
        return new OpenStartKey(matcher.group(1), matcher.group(2));
      }
    } catch (IllegalArgumentException notBase64) {
      // answered below
    }
    throw Parameters.invalid("cursor", "is none that this ledger gave");
  }
}
