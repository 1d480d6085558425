package com.credlink.ledger.keys;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** What the JDK's own providers check our signatures with. */
public final class JdkVerification {

  private JdkVerification() {}

  public static Signature of(Algorithm algorithm) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (algorithm) {
              case ES256 -> "SHA256withECDSAinP1363Format";
              case ES384 -> "SHA384withECDSAinP1363Format";
              case PS256 -> "RSASSA-PSS";
              case ED25519 -> "Ed25519";
              case ML_DSA_65 -> "ML-DSA-65";
            });
    if (algorithm == Algorithm.PS256) {
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    }
    return signature;
  }
}
