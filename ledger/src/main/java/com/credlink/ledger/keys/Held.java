package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A key with what is known of it; the signer is absent when the private half is gone. */
record Held(
    PublicHalf half,
    Optional<Signer> signer,
    KeyState state,
    Instant createdAt,
    Optional<Instant> activatedAt,
    List<X509Certificate> chain) {

  String id() {
    return half.key().keyId();
  }

  Held in(KeyState next) {
    if (!state.canBecome(next)) {
      throw new KeyException.WrongState(id(), state, next);
    }
    return new Held(half, signer, next, createdAt, activatedAt, chain);
  }

  Held activatedAt(Instant at) {
    return new Held(half, signer, state, createdAt, Optional.of(at), chain);
  }

  Held with(List<X509Certificate> certificates) {
    return new Held(half, signer, state, createdAt, activatedAt, certificates);
  }

  Held withoutPrivateHalf() {
    return new Held(half, Optional.empty(), state, createdAt, activatedAt, chain);
  }

  PublicKeyInfo info() {
    return new PublicKeyInfo(id(), half.algorithm(), state, createdAt, Bytes.wrap(half.encoded()));
  }

  /** The chain that an authority gave, not the placeholder. */
  List<X509Certificate> certificates() {
    boolean selfSigned =
        chain.size() == 1
            && chain
                .getFirst()
                .getIssuerX500Principal()
                .equals(chain.getFirst().getSubjectX500Principal());
    return selfSigned ? List.of() : chain;
  }
}
