package com.credlink.ledger.api.read;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Where a list of signing requests goes on. Opaque to callers.
 *
 * @param after id of the last request given
 */
record RequestCursor(String after) {

  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** The cursor as text. */
  String encode() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(after.getBytes(StandardCharsets.US_ASCII));
  }

  /** The cursor that {@code text} spells, or a problem; one of another list is none. */
  static RequestCursor decode(String text) {
    try {
      String id = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      if (ID.matcher(id).matches()) {
        return new RequestCursor(id);
      }
    } catch (IllegalArgumentException notBase64) {
      // answered below
    }
    throw Parameters.invalid("cursor", "is none that this ledger gave");
  }
}
