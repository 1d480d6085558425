package com.credlink.ledger.keys;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two keys that sign the checkpoints of a ledger's logs and nothing else: Ed25519 and
 * ML-DSA-44. Made on first use.
 */
public final class LogKeys {

  private static final String ED25519 = "log.ed25519";
  private static final String ML_DSA_44 = "log.ml-dsa-44";
  private static final String ML_DSA_44_PUBLIC = "log.ml-dsa-44.public";
  private static final String ML_DSA = "ML-DSA-44";

  private final Signer ed25519;
  private final KeyPair mlDsa44;

  private LogKeys(Signer ed25519, KeyPair mlDsa44) {
    this.ed25519 = ed25519;
    this.mlDsa44 = mlDsa44;
  }

  /**
   * Opens the keys, or makes them when there is no file.
   *
   * @throws KeyException when the file cannot be opened or made; the type says why.
   */
  public static LogKeys open(Path path, Password password, SecureRandom random) {
    KeyFile file =
        KeyFile.open(
            path, password, random, (empty, protection) -> make(empty, protection, random));
    try {
      KeyFactory factory = KeyFactory.getInstance(ML_DSA);
      return new LogKeys(
          LocalSigner.decode(entry(file, ED25519)),
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(entry(file, ML_DSA_44_PUBLIC))),
              factory.generatePrivate(new PKCS8EncodedKeySpec(entry(file, ML_DSA_44)))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it does not hold the keys of a log", e);
    }
  }

  /** Signs the text of a checkpoint. */
  public Signer ed25519() {
    return ed25519;
  }

  /** Signs the tree head of a checkpoint. */
  public KeyPair mlDsa44() {
    return mlDsa44;
  }

  private static void make(KeyStore empty, PasswordProtection protection, SecureRandom random)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ML_DSA);
    KeyPair pair = generator.generateKeyPair();
    put(empty, protection, ED25519, LocalSigner.generate(Algorithm.ED25519, random).encoded());
    put(empty, protection, ML_DSA_44, pair.getPrivate().getEncoded());
    put(empty, protection, ML_DSA_44_PUBLIC, pair.getPublic().getEncoded());
  }

  /**
   * As a secret: a private key would need a certificate, which says nothing here. PKCS#12 asks for
   * the name of an algorithm that it knows, whatever the bytes are.
   */
  private static void put(
      KeyStore entries, PasswordProtection protection, String alias, byte[] encoded)
      throws GeneralSecurityException {
    entries.setEntry(
        alias, new KeyStore.SecretKeyEntry(new SecretKeySpec(encoded, "HmacSHA256")), protection);
  }

  private static byte[] entry(KeyFile file, String alias) throws GeneralSecurityException {
    if (file.entries().getEntry(alias, file.protection())
        instanceof KeyStore.SecretKeyEntry entry) {
      return entry.getSecretKey().getEncoded();
    }
    throw file.corrupt("it has no entry '" + alias + "'");
  }
}
