package com.credlink.ledger.keys;

/**
 * A key that signs: the seam for keys in a PKCS#12 file, in a token or in a key service. Safe for
 * use by many threads at once.
 */
public interface Signer extends Verifier {

  /**
   * Signs {@code message}. The same message gives the same bytes (RFC 6979, RFC 8032).
   *
   * @return {@link Algorithm#SIGNATURE_LENGTH} bytes, in the form that {@link #verify} takes.
   */
  byte[] sign(byte[] message);
}
