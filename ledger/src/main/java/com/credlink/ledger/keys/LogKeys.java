package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that sign the checkpoints of a ledger's logs and nothing else: a pair of Ed25519 and
 * ML-DSA-44, made on first use. While a pair is replaced both sign, so that whoever knows only one
 * of them goes on to verify; then the older one is retired, and its public half is kept.
 */
public final class LogKeys {

  private static final String ED25519 = "ed25519";
  private static final String ED25519_PUBLIC = "ed25519.public";
  private static final String ML_DSA_44 = "ml-dsa-44";
  private static final String ML_DSA_44_PUBLIC = "ml-dsa-44.public";
  private static final String ML_DSA = "ML-DSA-44";

  /** SEQUENCE, SEQUENCE with the object identifier 1.3.101.112, BIT STRING of 32 bytes. */
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final List<Pair> signing;
  private final List<PublicPair> retired;

  private LogKeys(List<Pair> signing, List<PublicPair> retired) {
    this.signing = List.copyOf(signing);
    this.retired = List.copyOf(retired);
  }

  /**
   * A pair that signs.
   *
   * @param version 1 for the first pair of the ledger
   * @param ed25519 signs the text of a checkpoint
   * @param mlDsa44 signs its tree head
   */
  public record Pair(int version, Signer ed25519, KeyPair mlDsa44) {

    /** What others verify with. */
    public PublicPair publicHalf() {
      return new PublicPair(version, Ed25519Keys.publicKey(ed25519), mlDsa44.getPublic());
    }
  }

  /**
   * What is left of a pair that signs no more.
   *
   * @param ed25519 the 32 bytes of RFC 8032
   */
  public record PublicPair(int version, Bytes ed25519, PublicKey mlDsa44) {

    /** The Ed25519 key as DER of a SubjectPublicKeyInfo (RFC 8410). */
    public Bytes spki() {
      byte[] point = ed25519.toArray();
      byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + point.length);
      System.arraycopy(point, 0, spki, SPKI_PREFIX.length, point.length);
      return Bytes.wrap(spki);
    }
  }

  /**
   * Opens the keys, or makes them when there is no file.
   *
   * @throws KeyException when the file cannot be opened or made; the type says why.
   */
  public static LogKeys open(Path path, Password password, SecureRandom random) {
    return read(file(path, password, random));
  }

  /**
   * Makes a new pair, which signs beside the one that there is from now on.
   *
   * @throws KeyException when the file cannot be opened or written
   * @throws IllegalStateException when two pairs sign already: the older one must be retired first
   */
  public static LogKeys rotate(Path path, Password password, SecureRandom random) {
    KeyFile file = file(path, password, random);
    LogKeys now = read(file);
    if (now.signing.size() > 1) {
      throw new IllegalStateException(
          "pairs %d and %d both sign already"
              .formatted(now.signing.getLast().version(), now.signing.getFirst().version()));
    }
    try {
      make(file.entries(), file.protection(), now.signing.getFirst().version() + 1, random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key store in memory takes every key", e);
    }
    file.save();
    return read(file);
  }

  /**
   * Removes the private half of the older of two pairs.
   *
   * @throws KeyException when the file cannot be opened or written
   * @throws IllegalStateException when only one pair signs: without it there would be none
   */
  public static LogKeys retire(Path path, Password password, SecureRandom random) {
    KeyFile file = file(path, password, random);
    LogKeys now = read(file);
    if (now.signing.size() < 2) {
      throw new IllegalStateException(
          "pair %d is the only one that signs".formatted(now.signing.getFirst().version()));
    }
    Pair older = now.signing.getLast();
    try {
      put(
          file.entries(),
          file.protection(),
          alias(older.version(), ED25519_PUBLIC),
          older.publicHalf().ed25519().toArray());
      file.entries().deleteEntry(alias(older.version(), ED25519));
      file.entries().deleteEntry(alias(older.version(), ML_DSA_44));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key store in memory can be changed", e);
    }
    file.save();
    return read(file);
  }

  /** The pairs that sign, the newest first: one, or two while one replaces the other. */
  public List<Pair> signing() {
    return signing;
  }

  /** The pairs that have signed once, the newest first. */
  public List<PublicPair> retired() {
    return retired;
  }

  /** Of the newest pair what signs the text of a checkpoint. */
  public Signer ed25519() {
    return signing.getFirst().ed25519();
  }

  /** Of the newest pair what signs the tree head of a checkpoint. */
  public KeyPair mlDsa44() {
    return signing.getFirst().mlDsa44();
  }

  private static KeyFile file(Path path, Password password, SecureRandom random) {
    return KeyFile.open(
        path, password, random, (empty, protection) -> make(empty, protection, 1, random));
  }

  private static LogKeys read(KeyFile file) {
    try {
      KeyFactory factory = KeyFactory.getInstance(ML_DSA);
      List<Pair> signing = new ArrayList<>();
      List<PublicPair> retired = new ArrayList<>();
      for (int version = 1; version == 1 || has(file, version, ML_DSA_44_PUBLIC); version++) {
        if (has(file, version, ED25519_PUBLIC)) {
          Bytes point = Bytes.wrap(entry(file, alias(version, ED25519_PUBLIC)));
          retired.addFirst(new PublicPair(version, point, publicKey(file, version, factory)));
        } else {
          Signer signer = LocalSigner.decode(entry(file, alias(version, ED25519)));
          PrivateKey privateKey =
              factory.generatePrivate(
                  new PKCS8EncodedKeySpec(entry(file, alias(version, ML_DSA_44))));
          KeyPair pair = new KeyPair(publicKey(file, version, factory), privateKey);
          signing.addFirst(new Pair(version, signer, pair));
        }
      }
      if (signing.isEmpty()) {
        throw file.corrupt("none of its keys signs");
      }
      return new LogKeys(signing, retired);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it does not hold the keys of a log", e);
    }
  }

  private static PublicKey publicKey(KeyFile file, int version, KeyFactory factory)
      throws GeneralSecurityException {
    return factory.generatePublic(
        new X509EncodedKeySpec(entry(file, alias(version, ML_DSA_44_PUBLIC))));
  }

  private static boolean has(KeyFile file, int version, String name)
      throws GeneralSecurityException {
    return file.entries().containsAlias(alias(version, name));
  }

  private static void make(
      KeyStore entries, PasswordProtection protection, int version, SecureRandom random)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ML_DSA);
    KeyPair pair = generator.generateKeyPair();
    byte[] ed25519 = LocalSigner.generate(Algorithm.ED25519, random).encoded();
    put(entries, protection, alias(version, ED25519), ed25519);
    put(entries, protection, alias(version, ML_DSA_44), pair.getPrivate().getEncoded());
    put(entries, protection, alias(version, ML_DSA_44_PUBLIC), pair.getPublic().getEncoded());
  }

  /** The first pair is from a time when there was no second. */
  private static String alias(int version, String name) {
    return version == 1 ? "log." + name : "log." + version + "." + name;
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
