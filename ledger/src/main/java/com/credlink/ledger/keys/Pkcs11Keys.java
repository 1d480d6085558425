package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keys that are made in a token and never leave it (PKCS#11, by the JDK's SunPKCS11): an HSM, a
 * smart card, SoftHSM. The token holds each under the key's id, with its certificates. A session
 * that is lost is opened again.
 *
 * <p>SunPKCS11 has neither Ed25519 nor ML-DSA, whatever the token can do.
 */
public final class Pkcs11Keys implements KeySource {

  /** The algorithms that keys can be made for. */
  public static final Set<Algorithm> MADE =
      Set.of(Algorithm.ES256, Algorithm.ES384, Algorithm.PS256);

  private static final int RSA_BITS = 3072;

  private final Pkcs11Token token;
  private final SecureRandom random;
  private final InstantSource clock;

  private Pkcs11Keys(Pkcs11Token token, SecureRandom random, InstantSource clock) {
    this.token = token;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Opens a token.
   *
   * @param library the token's PKCS#11 module
   * @param slot index of the slot among those that have a token, from 0
   * @param pin of the token's user
   * @throws KeyException.Unavailable when there is no such module or token, or the PIN is wrong
   */
  public static Pkcs11Keys open(
      Path library, int slot, char[] pin, SecureRandom random, InstantSource clock) {
    return new Pkcs11Keys(Pkcs11Token.open(library, slot, pin), random, clock);
  }

  @Override
  public String name() {
    return token.name();
  }

  @Override
  public boolean makes(Algorithm algorithm) {
    return MADE.contains(algorithm);
  }

  @Override
  public Made make(Algorithm algorithm) {
    return token.use(
        "a key for " + algorithm.label() + " cannot be made",
        store -> {
          KeyPairGenerator generator =
              KeyPairGenerator.getInstance(family(algorithm), token.provider());
          generator.initialize(parameters(algorithm));
          KeyPair pair = generator.generateKeyPair();
          PublicHalf half = PublicHalf.decode(pair.getPublic().getEncoded());
          Bytes publicKey = Bytes.wrap(half.encoded());
          Signer signer = new Pkcs11Signer(half, token, Optional.of(pair.getPrivate()));
          // A token keeps a key for longer than a session only with a certificate beside it.
          X509Certificate placeholder =
              SelfSigned.of(signer, publicKey, KeyPurpose.ASSET_SIGNING, clock.instant(), random);
          store.setKeyEntry(
              half.key().keyId(), pair.getPrivate(), null, new Certificate[] {placeholder});
          return new Made(new Pkcs11Signer(half, token, Optional.empty()), publicKey);
        });
  }

  private static String family(Algorithm algorithm) {
    return algorithm == Algorithm.PS256 ? "RSA" : "EC";
  }

  private static AlgorithmParameterSpec parameters(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> new ECGenParameterSpec("secp256r1");
      case ES384 -> new ECGenParameterSpec("secp384r1");
      case PS256 -> new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4);
      case ED25519, ML_DSA_65 -> throw new IllegalArgumentException("not made in a token");
    };
  }

  @Override
  public Optional<Signer> find(String keyId) {
    return token.use(
        "the key '" + keyId + "' cannot be looked for",
        store -> {
          Certificate certificate = store.isKeyEntry(keyId) ? store.getCertificate(keyId) : null;
          return certificate == null
              ? Optional.empty()
              : Optional.of(
                  new Pkcs11Signer(
                      PublicHalf.decode(certificate.getPublicKey().getEncoded()),
                      token,
                      Optional.empty()));
        });
  }

  @Override
  public void certify(String keyId, List<X509Certificate> chain) {
    var _ =
        token.use(
            "the certificates of the key '" + keyId + "' cannot be kept",
            store -> {
              PrivateKey key = token.key(store, keyId);
              store.setKeyEntry(keyId, key, null, chain.toArray(new Certificate[0]));
              return keyId;
            });
  }

  @Override
  public void destroy(String keyId) {
    var _ =
        token.use(
            "the key '" + keyId + "' cannot be destroyed",
            store -> {
              if (store.containsAlias(keyId)) {
                store.deleteEntry(keyId);
              }
              return keyId;
            });
  }

  /** Ends the session as a token does that was reset; for tests of what follows. */
  void loseSession() throws GeneralSecurityException {
    token.logout();
  }

  @Override
  public void close() {
    token.close();
  }
}
