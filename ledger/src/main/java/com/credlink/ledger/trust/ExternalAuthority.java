package com.credlink.ledger.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate authority elsewhere: keys wait for a certificate that somebody fetches there with a
 * {@link CertificateRequests request} and brings back.
 */
public record ExternalAuthority(List<X509Certificate> roots, String organization)
    implements Authority {

  public ExternalAuthority {
    roots = List.copyOf(roots);
  }
}
