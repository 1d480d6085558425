package com.credlink.ledger.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;

/** From when until when a certificate is valid (RFC 5280 section 4.1.2.5), both inclusive. */
public record Validity(Instant from, Instant until) {

  /** The validity that a certificate states. */
  public static Validity of(X509Certificate certificate) {
    return new Validity(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }
}
