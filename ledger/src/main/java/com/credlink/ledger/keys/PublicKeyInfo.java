package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import java.time.Instant;

/**
 * What everyone may know of a key.
 *
 * @param keyId RFC 7638 thumbprint of the public key, base64url.
 * @param algorithm its algorithm.
 * @param state where it stands in its life.
 * @param createdAt when it was made.
 * @param publicKey DER of the SubjectPublicKeyInfo.
 */
public record PublicKeyInfo(
    String keyId, Algorithm algorithm, KeyState state, Instant createdAt, Bytes publicKey) {

  /** The key as events name it. */
  public KeyVersion version() {
    return new KeyVersion(keyId, algorithm.event());
  }

  /** Checks signatures of this key; needs no private key. */
  public Verifier verifier() {
    return PublicHalf.decode(publicKey.toArray());
  }
}
