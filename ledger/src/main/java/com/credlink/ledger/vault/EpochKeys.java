package com.credlink.ledger.vault;

import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.KeyFile;
import com.credlink.ledger.keys.Password;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.SecretKeyEntry;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys at the top, in a file of their own that is never in a backup of the log: the epoch keys,
 * whose destruction is what makes an erasure final, and the look-up key.
 *
 * <p>An epoch key wraps with random nonces; 2^32 wraps are its limit (SP 800-38D), which a wrap per
 * tenant and month does not come near.
 */
public final class EpochKeys {

  private static final String LOOKUP = "lookup";
  private static final String EPOCH = "epoch-";

  private final Map<String, SecretKey> epochs;
  private final String current;
  private final SecretKey lookup;

  private EpochKeys(Map<String, SecretKey> epochs, String current, SecretKey lookup) {
    this.epochs = Map.copyOf(epochs);
    this.current = current;
    this.lookup = lookup;
  }

  /**
   * Opens the key file, or makes it with a first epoch key and a look-up key.
   *
   * @throws com.credlink.ledger.keys.KeyException when it cannot be opened or made.
   */
  public static EpochKeys open(Path path, Password password, SecureRandom random) {
    KeyFile file =
        KeyFile.open(
            path,
            password,
            random,
            (empty, protection) -> {
              put(empty, protection, LOOKUP, random);
              // Numbered, so that the newest is the last by name; random, so that two ledgers'
              // first epochs are not taken for each other.
              put(empty, protection, EPOCH + "000001-" + Base32.random(random), random);
            });
    TreeMap<String, SecretKey> epochs = new TreeMap<>();
    Optional<SecretKey> lookup = Optional.empty();
    try {
      for (String alias : Collections.list(file.entries().aliases())) {
        if (!(file.entries().getEntry(alias, file.protection()) instanceof SecretKeyEntry entry)
            || entry.getSecretKey().getEncoded().length != AesGcm.KEY_BYTES) {
          throw file.corrupt("entry '%s' is not a secret key of 256 bits".formatted(alias));
        }
        if (alias.equals(LOOKUP)) {
          lookup = Optional.of(new SecretKeySpec(entry.getSecretKey().getEncoded(), "HmacSHA256"));
        } else if (alias.startsWith(EPOCH)) {
          epochs.put(alias, new SecretKeySpec(entry.getSecretKey().getEncoded(), "AES"));
        } else {
          throw file.corrupt("entry '%s' is neither an epoch nor the look-up key".formatted(alias));
        }
      }
    } catch (GeneralSecurityException e) {
      throw file.corrupt("it holds a key that cannot be read", e);
    }
    if (epochs.isEmpty() || lookup.isEmpty()) {
      throw file.corrupt("the epoch key or the look-up key is missing");
    }
    return new EpochKeys(epochs, epochs.lastKey(), lookup.get());
  }

  /** The epoch that wraps from now on. */
  String current() {
    return current;
  }

  /** An epoch's key; empty when it was destroyed. */
  Optional<SecretKey> key(String epoch) {
    return Optional.ofNullable(epochs.get(epoch));
  }

  SecretKey lookup() {
    return lookup;
  }

  private static void put(
      KeyStore entries, PasswordProtection protection, String alias, SecureRandom random)
      throws GeneralSecurityException {
    byte[] key = new byte[AesGcm.KEY_BYTES];
    random.nextBytes(key);
    entries.setEntry(alias, new SecretKeyEntry(new SecretKeySpec(key, "AES")), protection);
  }
}
