package com.credlink.ledger.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.util.Base64;

/**
 * A PKCS#12 file of keys, encrypted and authenticated by its password (PBES2 with AES-256 and
 * HMAC-SHA256, the JDK's defaults). Made on first use, mode 0600 from its first byte.
 */
public final class KeyFile {

  /** Random bytes of a password made here: as strong as the keys that it guards. */
  private static final int PASSWORD_BYTES = 32;

  private final Path path;
  private final char[] password;
  private final KeyStore entries;
  private final boolean isNew;

  private KeyFile(Path path, char[] password, KeyStore entries, boolean isNew) {
    this.path = path;
    this.password = password;
    this.entries = entries;
    this.isNew = isNew;
  }

  /** Puts the first keys into a new file. */
  @FunctionalInterface
  public interface FirstKeys {
    void fill(KeyStore empty, PasswordProtection protection) throws GeneralSecurityException;
  }

  /**
   * Opens the file, or makes it when there is none. Two processes that start at once on the same
   * path end with the same file.
   *
   * @throws KeyException when it cannot be opened or made; the type says why.
   */
  public static KeyFile open(Path path, Password source, SecureRandom random, FirstKeys first) {
    char[] password = password(path, source, random);
    if (!Files.exists(path)) {
      KeyStore entries = make(path, password, first);
      try {
        if (PrivateFile.create(path, encode(entries, password))) {
          return new KeyFile(path, password, entries, true);
        }
      } catch (IOException e) {
        throw new KeyException.Unwritable(path, e);
      }
    }
    return new KeyFile(path, password, load(path, password), false);
  }

  /** Whether this call of {@link #open} made the file. */
  public boolean isNew() {
    return isNew;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Its entries; changes are kept by {@link #save} alone. */
  public KeyStore entries() {
    return entries;
  }

  /** The protection of each entry. */
  public PasswordProtection protection() {
    return new PasswordProtection(password);
  }

  /** The typed error for a file that opens and does not hold what it must. */
  public KeyException corrupt(String what) {
    return new KeyException.Corrupt(path, what);
  }

  /** The same, for what an entry's decoder found. */
  public KeyException corrupt(String what, Exception cause) {
    return new KeyException.Corrupt(path, what, cause);
  }

  /**
   * Writes the entries in place of the file.
   *
   * @throws KeyException.Unwritable when that fails; the old file is then untouched.
   */
  public void save() {
    try {
      PrivateFile.replace(path, encode(entries, password));
    } catch (IOException e) {
      throw new KeyException.Unwritable(path, e);
    }
  }

  private static char[] password(Path path, Password source, SecureRandom random) {
    return switch (source) {
      case Password.Given given -> given.value().toCharArray();
      case Password.FromFile(Path file) -> passwordIn(file, path, random);
    };
  }

  private static char[] passwordIn(Path file, Path path, SecureRandom random) {
    if (!Files.exists(file)) {
      if (Files.exists(path)) {
        throw new KeyException.PasswordMissing(path, file);
      }
      byte[] made = new byte[PASSWORD_BYTES];
      random.nextBytes(made);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(made) + "\n";
      try {
        // Whether this process or another was first, what the file holds is the password.
        boolean _ = PrivateFile.create(file, text.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new KeyException.Unwritable(file, e);
      }
    }
    try {
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw new KeyException.Corrupt(file, "it holds no password");
      }
      return text.toCharArray();
    } catch (IOException e) {
      throw new KeyException.Unreadable(file, e);
    }
  }

  private static KeyStore make(Path path, char[] password, FirstKeys first) {
    try {
      KeyStore entries = KeyStore.getInstance("PKCS12");
      entries.load(null, null);
      first.fill(entries, new PasswordProtection(password));
      return entries;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make keys for '%s'".formatted(path), e);
    }
  }

  private static byte[] encode(KeyStore entries, char[] password) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      entries.store(bytes, password);
      return bytes.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory always has an encoding", e);
    }
  }

  private static KeyStore load(Path path, char[] password) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new KeyException.Corrupt(path, "it disappeared while it was opened", e);
    } catch (IOException e) {
      throw new KeyException.Unreadable(path, e);
    }
    try {
      KeyStore entries = KeyStore.getInstance("PKCS12");
      entries.load(new ByteArrayInputStream(bytes), password);
      return entries;
    } catch (IOException e) {
      // This cause is how the JDK's PKCS12 says that the password does not fit.
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new KeyException.WrongPassword(path, e);
      }
      throw new KeyException.Corrupt(path, "it is not a PKCS#12 file", e);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new KeyException.Corrupt(path, "it is not a PKCS#12 file", e);
    }
  }
}
