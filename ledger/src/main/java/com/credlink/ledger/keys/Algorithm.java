package com.credlink.ledger.keys;

import com.credlink.ledger.event.SignatureAlgorithm;
import java.util.Arrays;
import java.util.Optional;

/** A signature algorithm that this product can make, with its names in the standards. */
public enum Algorithm {
  /** ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4, RFC 9053 section 2.1). */
  ES256("ES256", -7, SignatureAlgorithm.ES256, "P-256"),
  /** EdDSA on edwards25519 (RFC 8032; RFC 8037 section 3.1, RFC 9053 section 2.2). */
  ED25519("EdDSA", -8, SignatureAlgorithm.EDDSA, "Ed25519");

  /** Both algorithms give two 32-byte numbers. */
  public static final int SIGNATURE_LENGTH = 64;

  private final String jose;
  private final int coseId;
  private final SignatureAlgorithm event;
  private final String curve;

  Algorithm(String jose, int coseId, SignatureAlgorithm event, String curve) {
    this.jose = jose;
    this.coseId = coseId;
    this.event = event;
    this.curve = curve;
  }

  /** The algorithm that events call {@code event}; empty for one that has no signer here. */
  public static Optional<Algorithm> of(SignatureAlgorithm event) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.event == event).findFirst();
  }

  /** The {@code alg} of JOSE. */
  public String jose() {
    return jose;
  }

  /** The {@code alg} of COSE, from the IANA registry of COSE algorithms. */
  public int coseId() {
    return coseId;
  }

  /** Its name in events. */
  public SignatureAlgorithm event() {
    return event;
  }

  /** The {@code crv} of a JWK. */
  public String curve() {
    return curve;
  }
}
