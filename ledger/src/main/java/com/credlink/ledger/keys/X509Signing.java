package com.credlink.ledger.keys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

/**
 * Bouncy Castle's seam for signing certificates and requests for them, on a signer of ours: the
 * names that X.509 has for the algorithms, and DER for ECDSA's two numbers. For one signature.
 */
public final class X509Signing implements ContentSigner {

  /** id-Ed25519 (RFC 8410 section 3). */
  private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

  private final Signer signer;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** One signature of this key. */
  public X509Signing(Signer signer) {
    this.signer = signer;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return switch (signer.algorithm()) {
      case ES256 -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      case ES384 -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);
      case PS256 -> new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, pss());
      case ED25519 -> new AlgorithmIdentifier(ED25519);
      case ML_DSA_65 -> new AlgorithmIdentifier(MlDsa65.OID);
    };
  }

  /** RFC 4055 section 3.1: SHA-256 throughout. */
  private static RSASSAPSSparams pss() {
    AlgorithmIdentifier sha256 =
        new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);
    return new RSASSAPSSparams(
        sha256,
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, sha256),
        new ASN1Integer(PublicHalf.Pss.SALT_LENGTH),
        RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
  }

  @Override
  public OutputStream getOutputStream() {
    return bytes;
  }

  @Override
  public byte[] getSignature() {
    byte[] raw = signer.sign(bytes.toByteArray());
    return switch (signer.algorithm()) {
      case ES256, ES384 -> der(raw);
      case PS256, ED25519, ML_DSA_65 -> raw;
    };
  }

  /** X.509 writes r and s as a DER sequence of two integers. */
  private static byte[] der(byte[] raw) {
    ASN1EncodableVector rs = new ASN1EncodableVector();
    rs.add(new ASN1Integer(new BigInteger(1, Arrays.copyOf(raw, raw.length / 2))));
    rs.add(new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, raw.length / 2, raw.length))));
    try {
      return new DERSequence(rs).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("two integers always have a DER form", e);
    }
  }
}
