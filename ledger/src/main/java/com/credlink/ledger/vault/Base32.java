package com.credlink.ledger.vault;

import java.security.SecureRandom;

/** Random names: 128 bits in lower-case base32 (RFC 4648) without padding. */
final class Base32 {

  /** 128 bits in characters of five bits each. */
  static final int LENGTH = 26;

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BYTES = 16;
  private static final int BITS = 5;

  private Base32() {}

  static String random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return encode(bytes);
  }

  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int held = 0;
    for (byte next : bytes) {
      buffer = ((buffer << 8) | (next & 0xFF)) & 0xFFFF;
      held += 8;
      while (held >= BITS) {
        held -= BITS;
        text.append(ALPHABET.charAt((buffer >>> held) & 0x1F));
      }
    }
    if (held > 0) {
      text.append(ALPHABET.charAt((buffer << (BITS - held)) & 0x1F));
    }
    return text.toString();
  }
}
