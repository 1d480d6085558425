package com.credlink.ledger.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/**
 * ML-DSA-65 (FIPS 204, pure, empty context) of the JDK, which signs twice as fast as Bouncy
 * Castle's.
 */
final class MlDsa65 {

  /** id-ml-dsa-65 (RFC 9881 section 2). */
  static final ASN1ObjectIdentifier OID = new ASN1ObjectIdentifier("2.16.840.1.101.3.4.3.18");

  /** FIPS 204 table 2. */
  static final int PUBLIC_KEY_LENGTH = 1952;

  /** The same. */
  static final int SIGNATURE_LENGTH = 3309;

  private static final String NAME = "ML-DSA-65";

  private MlDsa65() {}

  static PrivateKey generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
      generator.initialize(-1, random);
      return generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /**
   * The private key of a PKCS#8 structure.
   *
   * @throws IllegalArgumentException when it is none of this algorithm.
   */
  static PrivateKey privateKey(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an ML-DSA-65 private key", e);
    }
  }

  /** The public half's bytes; the JDK does not derive them from a private key. */
  static byte[] publicKey(PrivateKey key) {
    try {
      if (PrivateKeyFactory.createKey(key.getEncoded()) instanceof MLDSAPrivateKeyParameters own) {
        return own.getPublicKey();
      }
      throw new IllegalArgumentException("not an ML-DSA-65 private key");
    } catch (IOException e) {
      throw new IllegalArgumentException("not an ML-DSA-65 private key", e);
    }
  }

  /** DER of the SubjectPublicKeyInfo of these bytes. */
  static byte[] spki(byte[] publicKey) {
    try {
      return new SubjectPublicKeyInfo(new AlgorithmIdentifier(OID), publicKey).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a public key in memory always has a DER form", e);
    }
  }

  /**
   * The key with these bytes.
   *
   * @throws IllegalArgumentException when there are too few or too many; all others are keys.
   */
  static PublicKey decode(byte[] publicKey) {
    try {
      return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(spki(publicKey)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an ML-DSA-65 public key", e);
    }
  }

  /** The deterministic variant of FIPS 204 section 3.4, so that a repeat is the same signature. */
  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(key, new NoRandomness());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an ML-DSA-65 key did not sign", e);
    }
  }

  static boolean verify(PublicKey key, byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(signed);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("Java 25 has ML-DSA-65", e);
  }

  /** The 32 zero bytes that FIPS 204 algorithm 2 puts in the place of randomness. */
  private static final class NoRandomness extends SecureRandom {
    private static final long serialVersionUID = 1;

    @Override
    public void nextBytes(byte[] bytes) {
      java.util.Arrays.fill(bytes, (byte) 0);
    }
  }
}
