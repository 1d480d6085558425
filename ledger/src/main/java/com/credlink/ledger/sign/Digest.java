package com.credlink.ledger.sign;

/** What is signed: the SHA-256 of an asset. */
final class Digest {

  /** Length of a SHA-256. */
  static final int LENGTH = 32;

  private Digest() {}

  /**
   * Gives {@code digest} back.
   *
   * @throws IllegalArgumentException when it has not {@link #LENGTH} bytes.
   */
  static byte[] require(byte[] digest) {
    if (digest.length != LENGTH) {
      throw new IllegalArgumentException(
          "a digest has %d bytes, not %d".formatted(LENGTH, digest.length));
    }
    return digest;
  }
}
