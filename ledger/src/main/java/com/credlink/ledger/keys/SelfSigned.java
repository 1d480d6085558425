package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * The certificate that PKCS#12 asks for beside a private key. It carries the public key and the
 * time of making and says nothing about trust.
 */
final class SelfSigned {

  /** What RFC 5280 section 4.1.2.5 writes for "no end". */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  private static final int SERIAL_BITS = 127;

  private SelfSigned() {}

  static X509Certificate of(
      Signer signer, Bytes publicKey, KeyPurpose purpose, Instant createdAt, SecureRandom random)
      throws GeneralSecurityException {
    X500Name name =
        new X500Name("CN=" + purpose.label().replace('-', ' ') + " " + signer.algorithm().label());
    byte[] encoded;
    try {
      encoded =
          new X509v3CertificateBuilder(
                  name,
                  new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                  Date.from(createdAt),
                  Date.from(NO_END),
                  name,
                  SubjectPublicKeyInfo.getInstance(publicKey.toArray()))
              .build(new X509Signing(signer))
              .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a certificate in memory always has an encoding", e);
    }
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }
}
