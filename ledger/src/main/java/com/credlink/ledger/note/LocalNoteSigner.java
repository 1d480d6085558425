package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.keys.Signer;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;

/** A note signer whose private key is in this process. */
public final class LocalNoteSigner implements NoteSigner {

  private final VerifierKey key;
  private final UnaryOperator<byte[]> sign;

  private LocalNoteSigner(VerifierKey key, UnaryOperator<byte[]> sign) {
    this.key = key;
    this.sign = sign;
  }

  /**
   * Signs the note's text with Ed25519 (type 0x01).
   *
   * @param name the key's; for a log's key its origin.
   * @throws IllegalArgumentException when the signer is no Ed25519 key of this process.
   */
  public static LocalNoteSigner ed25519(String name, Signer signer) {
    return edwards(name, SignatureType.ED25519, signer);
  }

  /** Cosigns with Ed25519 (type 0x04); see {@link #ed25519}. One key must not do both. */
  public static LocalNoteSigner ed25519Cosigner(String name, Signer signer) {
    return edwards(name, SignatureType.ED25519_COSIGNATURE, signer);
  }

  /**
   * Signs tree heads with ML-DSA-44 (type 0x06; FIPS 204, pure, empty context, hedged).
   *
   * @param name the key's; for a log's key its origin.
   * @param keys of the JDK's algorithm ML-DSA-44.
   * @throws IllegalArgumentException when the keys are others.
   */
  public static LocalNoteSigner mlDsa44(String name, KeyPair keys, SecureRandom random) {
    Bytes publicKey = MlDsa44.encoded(keys.getPublic());
    return new LocalNoteSigner(
        new VerifierKey(name, SignatureType.ML_DSA_44_COSIGNATURE, publicKey),
        message -> MlDsa44.sign(keys.getPrivate(), message, random));
  }

  /** What others check with that the Ed25519 key of this encoding signed a note's text. */
  public static VerifierKey ed25519Key(String name, Bytes publicKey) {
    return new VerifierKey(name, SignatureType.ED25519, publicKey);
  }

  /** What others check with that this ML-DSA-44 key signed a tree head. */
  public static VerifierKey mlDsa44Key(String name, PublicKey publicKey) {
    return new VerifierKey(name, SignatureType.ML_DSA_44_COSIGNATURE, MlDsa44.encoded(publicKey));
  }

  private static LocalNoteSigner edwards(String name, SignatureType type, Signer signer) {
    return new LocalNoteSigner(
        new VerifierKey(name, type, Ed25519Keys.publicKey(signer)), signer::sign);
  }

  @Override
  public VerifierKey key() {
    return key;
  }

  @Override
  public byte[] sign(byte[] message) {
    return sign.apply(message);
  }

  /** The public key only: a private key must not reach a log. */
  @Override
  public String toString() {
    return "NoteSigner[" + key.name() + ", " + key.type() + "]";
  }
}
