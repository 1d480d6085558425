package com.credlink.ledger.keys;

import com.credlink.ledger.event.SignatureAlgorithm;
import java.util.Arrays;
import java.util.Optional;

/** A signature algorithm that this product can make, with its names in the standards. */
public enum Algorithm {
  /** ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4, RFC 9053 section 2.1). */
  ES256("ES256", "ES256", -7, SignatureAlgorithm.ES256, "EC"),
  /** ECDSA on P-384 with SHA-384 (the same). */
  ES384("ES384", "ES384", -35, SignatureAlgorithm.ES384, "EC"),
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 section 3.5, RFC 8230 section 2). */
  PS256("PS256", "PS256", -37, SignatureAlgorithm.PS256, "RSA"),
  /** EdDSA on edwards25519 (RFC 8032; RFC 8037 section 3.1, RFC 9053 section 2.2). */
  ED25519("Ed25519", "EdDSA", -8, SignatureAlgorithm.EDDSA, "Ed25519"),
  /**
   * ML-DSA-65 (FIPS 204, pure, empty context; RFC 9964). It signs beside {@link #ED25519}, never
   * alone, and no content credentials: C2PA 2.2 section 13.2.1 does not admit it.
   */
  ML_DSA_65("ML-DSA-65", "ML-DSA-65", -49, SignatureAlgorithm.ML_DSA_65, "ML-DSA");

  private final String label;
  private final String jose;
  private final int coseId;
  private final SignatureAlgorithm event;
  private final String keyFactory;

  Algorithm(String label, String jose, int coseId, SignatureAlgorithm event, String keyFactory) {
    this.label = label;
    this.jose = jose;
    this.coseId = coseId;
    this.event = event;
    this.keyFactory = keyFactory;
  }

  /** The algorithm that events call {@code event}; empty for one that has no signer here. */
  public static Optional<Algorithm> of(SignatureAlgorithm event) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.event == event).findFirst();
  }

  /** The algorithm of that name, be it ours or that of JOSE. */
  public static Optional<Algorithm> named(String name) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.label.equals(name) || algorithm.jose.equals(name))
        .findFirst();
  }

  /** Its name in configuration and messages. */
  public String label() {
    return label;
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

  /** Whether C2PA 2.2 section 13.2.1 lets it sign a claim. */
  public boolean signsContentCredentials() {
    return this != ML_DSA_65;
  }

  /** The JDK's name of what reads its keys. */
  String keyFactory() {
    return keyFactory;
  }
}
