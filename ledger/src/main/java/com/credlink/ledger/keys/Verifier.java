package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;

/** The public half of a key. Safe for use by many threads at once. */
public interface Verifier {

  /** Which key. */
  KeyVersion key();

  /** Its algorithm. */
  Algorithm algorithm();

  /**
   * Bytes of each of its signatures: 64 for ES256 and Ed25519, 96 for ES384, 3,309 for ML-DSA-65,
   * and as many as the modulus has for PS256.
   */
  int signatureLength();

  /**
   * Whether {@code signature} is this key's signature over {@code message}.
   *
   * @param signature r and s as big-endian numbers of the curve's length for ES256 and ES384, R and
   *     S for Ed25519, one big-endian number for PS256; anything of another length than {@link
   *     #signatureLength} is not a signature.
   */
  boolean verify(byte[] message, byte[] signature);
}
