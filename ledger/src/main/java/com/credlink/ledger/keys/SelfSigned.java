package com.credlink.ledger.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * The certificate that PKCS#12 asks for beside a private key. It carries the public key and the
 * time of making and says nothing about trust.
 */
final class SelfSigned {

  /** What RFC 5280 section 4.1.2.5 writes for "no end". */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  /** id-Ed25519 of RFC 8410. */
  private static final String ED25519 = "1.3.101.112";

  private static final int SERIAL_BITS = 127;

  private SelfSigned() {}

  static X509Certificate of(
      LocalSigner signer, KeyPurpose purpose, Instant createdAt, SecureRandom random)
      throws GeneralSecurityException {
    X500Name name =
        new X500Name("CN=" + purpose.label().replace('-', ' ') + " " + signer.algorithm().jose());
    byte[] encoded;
    try {
      encoded =
          new X509v3CertificateBuilder(
                  name,
                  new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                  Date.from(createdAt),
                  Date.from(NO_END),
                  name,
                  SubjectPublicKeyInfo.getInstance(signer.publicHalf().encoded()))
              .build(new Content(signer))
              .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a certificate in memory always has an encoding", e);
    }
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** Bouncy Castle's seam for signing a certificate, on our signer. */
  private record Content(LocalSigner signer, ByteArrayOutputStream bytes) implements ContentSigner {
    Content(LocalSigner signer) {
      this(signer, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(
          switch (signer.algorithm()) {
            case ES256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
            case ED25519 -> new ASN1ObjectIdentifier(ED25519);
          });
    }

    @Override
    public OutputStream getOutputStream() {
      return bytes;
    }

    @Override
    public byte[] getSignature() {
      byte[] raw = signer.sign(bytes.toByteArray());
      return switch (signer.algorithm()) {
        case ES256 -> der(raw);
        case ED25519 -> raw;
      };
    }

    /** X.509 writes r and s as a DER sequence of two integers. */
    private static byte[] der(byte[] raw) {
      ASN1EncodableVector rs = new ASN1EncodableVector();
      rs.add(new ASN1Integer(new BigInteger(1, Arrays.copyOf(raw, raw.length / 2))));
      rs.add(
          new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, raw.length / 2, raw.length))));
      try {
        return new DERSequence(rs).getEncoded();
      } catch (IOException e) {
        throw new IllegalStateException("two integers always have a DER form", e);
      }
    }
  }
}
