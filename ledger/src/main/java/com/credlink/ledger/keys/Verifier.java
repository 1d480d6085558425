package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;

/** The public half of a key. Safe for use by many threads at once. */
public interface Verifier {

  /** Which key. */
  KeyVersion key();

  /** Its algorithm. */
  Algorithm algorithm();

  /**
   * Whether {@code signature} is this key's signature over {@code message}.
   *
   * @param signature r and s as 32 big-endian bytes each for ES256, R and S for Ed25519; anything
   *     of another length is not a signature.
   */
  boolean verify(byte[] message, byte[] signature);
}
