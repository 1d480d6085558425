package com.credlink.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** The small forms that the formats share. Each has exactly one spelling for a value. */
final class Text {

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

  /** A space by Unicode's White_Space that Java counts neither as space nor as white space. */
  private static final int NEXT_LINE = 0x85;

  private Text() {}

  /**
   * Decodes UTF-8.
   *
   * @throws NoteException.Malformed when it is not, also where a lenient decoder would replace.
   */
  static String utf8(String kind, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NoteException.Malformed(kind, "it is not UTF-8");
    }
  }

  /** Whether the text can stand in a note: Unicode without control characters but newline. */
  static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= ' ' || c == '\n')
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** Whether the text can stand in a line of a note. */
  static boolean isLine(String text) {
    return !text.isEmpty() && text.indexOf('\n') < 0 && isPlain(text);
  }

  /** Whether the text can name a key: not empty, no space of Unicode, no plus. */
  static boolean isKeyName(String name) {
    return isLine(name) && name.codePoints().noneMatch(c -> c == '+' || isSpace(c));
  }

  private static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == NEXT_LINE;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Decodes standard base64 (RFC 4648 section 4) in its canonical form: with padding, and no bits
   * set that say nothing.
   *
   * @throws NoteException.Malformed when it is not.
   */
  static byte[] base64(String kind, String what, String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (base64(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new NoteException.Malformed(kind, what + " is not base64");
    }
    throw new NoteException.Malformed(kind, what + " is not base64 in its canonical form");
  }

  /**
   * Reads a decimal number from 0 on without leading zeros.
   *
   * @throws NoteException.Malformed when it is not one, or beyond a long.
   */
  static long decimal(String kind, String what, String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new NoteException.Malformed(kind, what + " is not a decimal number");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new NoteException.Malformed(kind, what + " is too large");
    }
  }
}
