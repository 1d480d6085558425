package com.credlink.ledger.c2pa;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** SHA-256, the digest of everything here. */
final class Sha256 {

  static final String NAME = "sha256";

  private Sha256() {}

  static byte[] of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  static byte[] of(byte[] bytes, int from, int length) {
    MessageDigest digest = digest();
    digest.update(bytes, from, length);
    return digest.digest();
  }

  static byte[] of(List<ByteBuffer> pieces) {
    MessageDigest digest = digest();
    pieces.forEach(piece -> digest.update(piece.duplicate()));
    return digest.digest();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
