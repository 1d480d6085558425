package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** ML-DSA-44 (FIPS 204) of the JDK, with public keys in their 1,312 bytes. */
final class MlDsa44 {

  private static final String NAME = "ML-DSA-44";
  private static final int PUBLIC_KEY_LENGTH =
      SignatureType.ML_DSA_44_COSIGNATURE.publicKeyLength();

  /** What a SubjectPublicKeyInfo of this algorithm begins with; the key's bytes are the rest. */
  private static final byte[] SPKI_PREFIX =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private MlDsa44() {}

  /**
   * The key with these bytes.
   *
   * @throws IllegalArgumentException when there are too few or too many; all others are keys.
   */
  static PublicKey decode(Bytes publicKey) {
    ByteBuffer spki = ByteBuffer.allocate(SPKI_PREFIX.length + publicKey.length());
    spki.put(SPKI_PREFIX).put(publicKey.asBuffer());
    try {
      return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(spki.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an ML-DSA-44 public key", e);
    }
  }

  /**
   * The bytes of a key.
   *
   * @throws IllegalArgumentException when it is not of this algorithm.
   */
  static Bytes encoded(PublicKey key) {
    byte[] spki = key.getEncoded();
    if (spki.length != SPKI_PREFIX.length + PUBLIC_KEY_LENGTH
        || !Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
      throw new IllegalArgumentException("not an ML-DSA-44 public key");
    }
    return Bytes.wrap(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length));
  }

  static byte[] sign(PrivateKey key, byte[] message, SecureRandom random) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(key, random);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an ML-DSA-44 key did not sign", e);
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
      throw new IllegalStateException("Java 25 has ML-DSA-44", e);
    }
  }
}
