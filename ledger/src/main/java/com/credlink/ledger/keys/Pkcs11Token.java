package com.credlink.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;

/** A token with a session in it; one that was lost is opened again, once for each use. */
final class Pkcs11Token {

  private static final String PROVIDER = "SunPKCS11";

  private final String name;
  private final AuthProvider provider;
  private final char[] pin;
  private KeyStore store;

  private Pkcs11Token(String name, AuthProvider provider, char[] pin) {
    this.name = name;
    this.provider = provider;
    this.pin = pin.clone();
  }

  static Pkcs11Token open(Path library, int slot, char[] pin) {
    String name = "the token in slot %d of '%s'".formatted(slot, library);
    if (!Files.isReadable(library)) {
      throw new KeyException.Unavailable(
          "there is no PKCS#11 module '%s'".formatted(library), (Throwable) null);
    }
    try {
      // Sensitive keys that cannot be extracted are what the token makes unless told otherwise;
      // said here, so that none makes others.
      Provider configured =
          Security.getProvider(PROVIDER)
              .configure(
                  "--name = ledger\nlibrary = %s\nslotListIndex = %d\nattributes(generate, CKO_PRIVATE_KEY, *) = {\n  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n}\n"
                      .formatted(library, slot));
      Pkcs11Token token = new Pkcs11Token(name, (AuthProvider) configured, pin);
      token.connect();
      return token;
    } catch (InvalidParameterException | ProviderException e) {
      throw new KeyException.Unavailable(name + " cannot be opened", e);
    }
  }

  String name() {
    return name;
  }

  Provider provider() {
    return provider;
  }

  /** Something that is done with the token. */
  @FunctionalInterface
  interface Use<T> {
    T with(KeyStore store) throws GeneralSecurityException;
  }

  /**
   * Uses the token, and once more with a new session if that fails.
   *
   * @throws KeyException.Unavailable when it fails again
   */
  synchronized <T> T use(String otherwise, Use<T> use) {
    try {
      return use.with(store);
    } catch (GeneralSecurityException | ProviderException lost) {
      reconnect();
      try {
        return use.with(store);
      } catch (GeneralSecurityException | ProviderException e) {
        e.addSuppressed(lost);
        throw new KeyException.Unavailable(
            "%s: %s does not do what it is asked for".formatted(otherwise, name), e);
      }
    }
  }

  /** The private key of that id. */
  PrivateKey key(KeyStore from, String keyId) throws GeneralSecurityException {
    if (from.getKey(keyId, null) instanceof PrivateKey key) {
      return key;
    }
    throw new GeneralSecurityException("no key '" + keyId + "'");
  }

  private void reconnect() {
    try {
      logout();
    } catch (GeneralSecurityException | ProviderException gone) {
      // There is nothing to end any more.
      store = null;
    }
    connect();
  }

  private void connect() {
    try {
      KeyStore opened = KeyStore.getInstance("PKCS11", provider);
      opened.load(null, pin);
      store = opened;
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw new KeyException.Unavailable(
          name + " cannot be opened; it may be gone, or have another PIN", e);
    }
  }

  void logout() throws GeneralSecurityException {
    provider.logout();
  }

  synchronized void close() {
    try {
      logout();
    } catch (GeneralSecurityException | ProviderException gone) {
      store = null;
    }
  }
}
