package com.credlink.ledger.note;

import com.credlink.ledger.keys.TestKeys;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Signers for tests; making an ML-DSA-44 key is slow enough to do it once. */
final class NoteKeys {

  static final Instant TIME = Instant.ofEpochSecond(1_679_315_147);

  static final KeyPair ML_DSA = mlDsaKeys();

  private static final List<KeyPair> MORE_ML_DSA =
      IntStream.range(0, 4).mapToObj(_ -> mlDsaKeys()).toList();

  private NoteKeys() {}

  /** A signer of type 0x01; the seed is 32 times the number. */
  static NoteSigner log(String name, int number) {
    return LocalNoteSigner.ed25519(name, TestKeys.ed25519(seed(number)));
  }

  /** A signer of type 0x04. */
  static NoteSigner cosigner(String name, int number) {
    return LocalNoteSigner.ed25519Cosigner(name, TestKeys.ed25519(seed(number)));
  }

  /** A signer of type 0x06, always with the same key. */
  static NoteSigner mlDsa(String name) {
    return LocalNoteSigner.mlDsa44(name, ML_DSA, new SecureRandom());
  }

  /** A signer of type 0x06 with one of four other keys. */
  static NoteSigner mlDsa(String name, int number) {
    return LocalNoteSigner.mlDsa44(name, MORE_ML_DSA.get(number), new SecureRandom());
  }

  static String seed(int number) {
    return HexFormat.of().toHexDigits((byte) number).repeat(32);
  }

  private static KeyPair mlDsaKeys() {
    try {
      return KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
