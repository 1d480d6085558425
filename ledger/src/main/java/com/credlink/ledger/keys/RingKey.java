package com.credlink.ledger.keys;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a key ring, without anything secret.
 *
 * @param key the public half and the state.
 * @param activatedAt when it began to sign; empty for one that never did.
 * @param certificateChain leaf first, then the intermediates, without the root; empty while there
 *     is no certificate but the placeholder that a key file asks for.
 * @param inSource whether the private half is where new keys are made now; false for a key of
 *     another source and for one that is gone.
 */
public record RingKey(
    PublicKeyInfo key,
    Optional<Instant> activatedAt,
    List<X509Certificate> certificateChain,
    boolean inSource) {

  public RingKey {
    certificateChain = List.copyOf(certificateChain);
  }

  /** Its name. */
  public String keyId() {
    return key.keyId();
  }

  /** The certificate of the key itself. */
  public Optional<X509Certificate> leaf() {
    return certificateChain.stream().findFirst();
  }
}
