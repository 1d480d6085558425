package com.credlink.ledger.trust;

import com.credlink.ledger.keys.PublicKeyInfo;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.X509Signing;
import java.io.IOException;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Requests for certificates (PKCS#10, RFC 2986). */
public final class CertificateRequests {

  private static final int SHOWN_OF_KEY_ID = 8;

  private CertificateRequests() {}

  /**
   * Asks for a certificate of a key, with the usages of C2PA's profile as requested extensions.
   *
   * @param signer the key itself: a request proves that it is held.
   * @return the request in PEM.
   */
  public static String pem(PublicKeyInfo key, Signer signer, String organization) {
    PKCS10CertificationRequestBuilder builder =
        new PKCS10CertificationRequestBuilder(
            subject(key, organization),
            SubjectPublicKeyInfo.getInstance(key.publicKey().toArray()));
    builder.addAttribute(
        PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
        ClaimSigningProfile.extensions().generate());
    try {
      return Pem.of("CERTIFICATE REQUEST", builder.build(new X509Signing(signer)).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a request in memory always has an encoding", e);
    }
  }

  /** {@code CN=Content credentials ES256 kPrK_qmx, O=...}: the key can be told from others. */
  static X500Name subject(PublicKeyInfo key, String organization) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organization)
        .addRDN(
            BCStyle.CN,
            "Content credentials %s %s"
                .formatted(key.algorithm().label(), key.keyId().substring(0, SHOWN_OF_KEY_ID)))
        .build();
  }
}
