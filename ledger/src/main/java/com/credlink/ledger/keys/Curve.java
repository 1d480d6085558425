package com.credlink.ledger.keys;

import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;

/** A curve of FIPS 186-5 with the hash that JOSE and COSE join to it. */
enum Curve {
  P256("P-256", 32, "SHA-256", Algorithm.ES256, SECObjectIdentifiers.secp256r1),
  P384("P-384", 48, "SHA-384", Algorithm.ES384, SECObjectIdentifiers.secp384r1);

  private final String label;
  private final int length;
  private final String hash;
  private final Algorithm algorithm;

  @SuppressWarnings("ImmutableEnumChecker") // it is immutable and does not say so
  private final ECDomainParameters domain;

  Curve(
      String label, int length, String hash, Algorithm algorithm, ASN1ObjectIdentifier identifier) {
    this.label = label;
    this.length = length;
    this.hash = hash;
    this.algorithm = algorithm;
    // Bouncy Castle's hand-made field arithmetic.
    this.domain = new ECNamedDomainParameters(identifier, CustomNamedCurves.getByOID(identifier));
  }

  /**
   * The curve of a key.
   *
   * @throws IllegalArgumentException when it is on another one.
   */
  static Curve of(ECKeyParameters key) {
    return Arrays.stream(values())
        .filter(curve -> curve.domain.getCurve().equals(key.getParameters().getCurve()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a key on P-256 or P-384"));
  }

  /** The {@code crv} of a JWK. */
  String label() {
    return label;
  }

  /** Bytes of a coordinate, and of half a signature. */
  int length() {
    return length;
  }

  /** The JDK's name of the hash. */
  String hash() {
    return hash;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  ECDomainParameters domain() {
    return domain;
  }
}
