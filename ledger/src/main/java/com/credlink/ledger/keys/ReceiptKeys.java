package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The two Ed25519 keys that sign receipts, one for each kind ({@link KeyPurpose#RECEIPT}, {@link
 * KeyPurpose#INCLUSION}) and for nothing else. Made on first use.
 */
public final class ReceiptKeys {

  private static final List<KeyPurpose> PURPOSES =
      List.of(KeyPurpose.RECEIPT, KeyPurpose.INCLUSION);

  private final Map<KeyPurpose, Held> held;

  private ReceiptKeys(Map<KeyPurpose, Held> held) {
    this.held = held;
  }

  private record Held(LocalSigner signer, Instant createdAt) {
    PublicKeyInfo info() {
      return new PublicKeyInfo(
          signer.key().keyId(),
          signer.algorithm(),
          KeyState.ACTIVE,
          createdAt,
          Bytes.wrap(signer.publicHalf().encoded()));
    }
  }

  /**
   * Opens the keys, or makes them when there is no file.
   *
   * @throws KeyException when the file cannot be opened or made; the type says why.
   */
  public static ReceiptKeys open(
      Path path, Password password, SecureRandom random, InstantSource clock) {
    KeyFile file =
        KeyFile.open(
            path,
            password,
            random,
            (empty, protection) -> {
              for (KeyPurpose purpose : PURPOSES) {
                make(empty, protection, purpose, random, clock);
              }
            });
    Map<KeyPurpose, Held> held = new EnumMap<>(KeyPurpose.class);
    for (KeyPurpose purpose : PURPOSES) {
      held.put(purpose, read(file, purpose));
    }
    return new ReceiptKeys(held);
  }

  /** Signs {@code Ledger-Receipt}. */
  public Signer acceptance() {
    return signer(KeyPurpose.RECEIPT);
  }

  /** Signs COSE receipts. */
  public Signer inclusion() {
    return signer(KeyPurpose.INCLUSION);
  }

  private Signer signer(KeyPurpose purpose) {
    return held.get(purpose).signer();
  }

  /** The public halves. */
  public Map<KeyPurpose, List<PublicKeyInfo>> all() {
    Map<KeyPurpose, List<PublicKeyInfo>> all = new EnumMap<>(KeyPurpose.class);
    held.forEach((purpose, key) -> all.put(purpose, List.of(key.info())));
    return all;
  }

  private static void make(
      KeyStore empty,
      PasswordProtection protection,
      KeyPurpose purpose,
      SecureRandom random,
      InstantSource clock)
      throws GeneralSecurityException {
    LocalSigner signer = LocalSigner.generate(Algorithm.ED25519, random);
    // A certificate counts in seconds.
    Instant createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    empty.setEntry(
        purpose.label(),
        new PrivateKeyEntry(
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(signer.encoded())),
            new Certificate[] {
              SelfSigned.of(
                  signer, Bytes.wrap(signer.publicHalf().encoded()), purpose, createdAt, random)
            }),
        protection);
  }

  private static Held read(KeyFile file, KeyPurpose purpose) {
    String alias = purpose.label();
    try {
      if (file.entries().getEntry(alias, file.protection()) instanceof PrivateKeyEntry entry
          && entry.getCertificate() instanceof X509Certificate certificate) {
        return new Held(
            LocalSigner.decode(entry.getPrivateKey().getEncoded()),
            certificate.getNotBefore().toInstant());
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it does not hold the keys of receipts", e);
    }
    throw file.corrupt("it has no entry '" + alias + "'");
  }
}
