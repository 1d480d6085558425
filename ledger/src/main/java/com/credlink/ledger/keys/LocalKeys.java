package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

/** Keys of this process for other packages that keep some in a {@link KeyFile} of their own. */
public final class LocalKeys {

  private LocalKeys() {}

  /** A new key. */
  public static Signer generate(Algorithm algorithm, SecureRandom random) {
    return LocalSigner.generate(algorithm, random);
  }

  /**
   * The key as an entry of a key file.
   *
   * @throws IllegalArgumentException when it is not a key of this process.
   */
  public static PrivateKeyEntry entry(Signer signer, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!(signer instanceof LocalSigner local)) {
      throw new IllegalArgumentException("not a key of this process");
    }
    KeyFactory factory = KeyFactory.getInstance(local.algorithm().keyFactory());
    return new PrivateKeyEntry(
        factory.generatePrivate(new PKCS8EncodedKeySpec(local.encoded())),
        new Certificate[] {certificate});
  }

  /**
   * The key of such an entry.
   *
   * @throws IllegalArgumentException when it is not a key of a supported algorithm.
   */
  public static Signer signer(PrivateKeyEntry entry) {
    return LocalSigner.decode(entry.getPrivateKey().getEncoded());
  }

  /**
   * DER of the SubjectPublicKeyInfo.
   *
   * @throws IllegalArgumentException when it is not a key of this process.
   */
  public static Bytes publicKey(Verifier key) {
    return switch (key) {
      case LocalSigner signer -> Bytes.wrap(signer.publicHalf().encoded());
      case PublicHalf half -> Bytes.wrap(half.encoded());
      default -> throw new IllegalArgumentException("not a key of this process");
    };
  }
}
