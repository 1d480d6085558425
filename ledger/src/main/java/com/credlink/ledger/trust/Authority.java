package com.credlink.ledger.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/** Who vouches for the asset-signing keys. */
public sealed interface Authority permits DevelopmentAuthority, ExternalAuthority {

  /** What a verifier of content credentials should trust. */
  List<X509Certificate> roots();

  /** The organization (O) of the subjects, which verifiers show as the signer. */
  String organization();
}
