package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The asset-signing keys: one active key per algorithm, and the earlier ones that still verify.
 * Safe for use by many threads at once.
 *
 * <p>The file's aliases are {@code <state>.<hex of the thumbprint>}, so that a change of state and
 * the file's other keys are replaced together.
 */
public final class KeyRing {

  private final KeyFile file;
  private final SecureRandom random;
  private final InstantSource clock;
  private volatile Map<String, Held> keys;

  private KeyRing(KeyFile file, SecureRandom random, InstantSource clock, Collection<Held> held) {
    this.file = file;
    this.random = random;
    this.clock = clock;
    this.keys = index(held);
  }

  private record Held(LocalSigner signer, KeyState state, X509Certificate certificate) {
    String id() {
      return signer.key().keyId();
    }

    Held in(KeyState next) {
      if (!state.canBecome(next)) {
        throw new IllegalStateException(
            "key '%s' is %s and cannot become %s".formatted(id(), state, next));
      }
      return new Held(signer, next, certificate);
    }

    PublicKeyInfo info() {
      return new PublicKeyInfo(
          id(),
          signer.algorithm(),
          state,
          certificate.getNotBefore().toInstant(),
          Bytes.wrap(signer.publicHalf().encoded()));
    }
  }

  /**
   * Opens the ring, or makes it with one active key per algorithm when there is no file.
   *
   * @throws KeyException when the file cannot be opened or made; the type says why.
   */
  public static KeyRing open(
      Path path, Password password, SecureRandom random, InstantSource clock) {
    KeyFile file =
        KeyFile.open(
            path,
            password,
            random,
            (empty, protection) -> {
              for (Algorithm algorithm : Algorithm.values()) {
                put(empty, protection, generate(algorithm, random, clock));
              }
            });
    return new KeyRing(file, random, clock, read(file));
  }

  /** The keys that a new request fixes, one per algorithm, in the order of {@link Algorithm}. */
  public List<KeyVersion> active() {
    return keys.values().stream()
        .filter(held -> held.state().isForNewRequests())
        .sorted(Comparator.comparing(held -> held.signer().algorithm()))
        .map(held -> held.signer().key())
        .toList();
  }

  /**
   * The signer of a key, be it active or promised to an earlier request.
   *
   * @throws KeyException.Unknown when the ring does not have it.
   * @throws KeyException.MayNotSign when its state forbids signing.
   */
  public Signer signer(String keyId) {
    Held held = keys.get(keyId);
    if (held == null) {
      throw new KeyException.Unknown(keyId);
    }
    if (!held.state().maySign()) {
      throw new KeyException.MayNotSign(keyId, held.state());
    }
    return held.signer();
  }

  /** Checks signatures of a key, whatever its state; empty when the ring does not know it. */
  public Optional<Verifier> verifier(String keyId) {
    return Optional.ofNullable(keys.get(keyId)).map(held -> held.signer().publicHalf());
  }

  /** Every public key, oldest first: what the JWKS lists. */
  public List<PublicKeyInfo> all() {
    return keys.values().stream().map(Held::info).toList();
  }

  /**
   * Makes a new active key; the one that was active only verifies, and signs what was promised to
   * it. The change is in the file before it is in effect.
   *
   * @throws KeyException.Unwritable when the file cannot be written; nothing has changed then.
   */
  public synchronized PublicKeyInfo rotate(Algorithm algorithm) {
    Held made;
    List<Held> next = new ArrayList<>();
    try {
      made = generate(algorithm, random, clock);
      for (Held held : keys.values()) {
        boolean stepsBack =
            held.signer().algorithm() == algorithm && held.state() == KeyState.ACTIVE;
        next.add(stepsBack ? held.in(KeyState.VERIFY_ONLY) : held);
      }
      next.add(made);
      write(next);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a key for '%s'".formatted(file.path()), e);
    } catch (KeyException.Unwritable e) {
      restore();
      throw e;
    }
    keys = index(next);
    return made.info();
  }

  private void restore() {
    try {
      fill(keys.values());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the keys in memory were entries before", e);
    }
  }

  private void write(Collection<Held> held) throws GeneralSecurityException {
    fill(held);
    file.save();
  }

  private void fill(Collection<Held> held) throws GeneralSecurityException {
    for (String alias : Collections.list(file.entries().aliases())) {
      file.entries().deleteEntry(alias);
    }
    for (Held one : held) {
      put(file.entries(), file.protection(), one);
    }
  }

  private static Map<String, Held> index(Collection<Held> held) {
    Map<String, Held> index = new LinkedHashMap<>();
    held.stream()
        .sorted(
            Comparator.comparing((Held one) -> one.certificate().getNotBefore())
                .thenComparing(one -> one.signer().algorithm())
                .thenComparing(Held::id))
        .forEach(one -> index.put(one.id(), one));
    return Collections.unmodifiableMap(index);
  }

  private static Held generate(Algorithm algorithm, SecureRandom random, InstantSource clock)
      throws GeneralSecurityException {
    LocalSigner signer = LocalSigner.generate(algorithm, random);
    // A certificate counts in seconds.
    Instant createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new Held(
        signer,
        KeyState.ACTIVE,
        SelfSigned.of(signer, KeyPurpose.ASSET_SIGNING, createdAt, random));
  }

  private static void put(KeyStore entries, PasswordProtection protection, Held held)
      throws GeneralSecurityException {
    KeyFactory factory =
        KeyFactory.getInstance(
            switch (held.signer().algorithm()) {
              case ES256 -> "EC";
              case ED25519 -> "Ed25519";
            });
    entries.setEntry(
        alias(held.state(), held.id()),
        new PrivateKeyEntry(
            factory.generatePrivate(new PKCS8EncodedKeySpec(held.signer().encoded())),
            new Certificate[] {held.certificate()}),
        protection);
  }

  /** PKCS#12 aliases know no upper case, thumbprints in base64url do: hence hexadecimal. */
  private static String alias(KeyState state, String keyId) {
    return state.name().toLowerCase(Locale.ROOT)
        + "."
        + HexFormat.of().formatHex(Base64.getUrlDecoder().decode(keyId));
  }

  private static List<Held> read(KeyFile file) {
    List<Held> held = new ArrayList<>();
    try {
      for (String alias : Collections.list(file.entries().aliases())) {
        held.add(read(file, alias));
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it holds a key that cannot be read", e);
    }
    for (Algorithm algorithm : Algorithm.values()) {
      long active =
          held.stream()
              .filter(
                  one -> one.signer().algorithm() == algorithm && one.state() == KeyState.ACTIVE)
              .count();
      if (active != 1) {
        throw file.corrupt(
            "it holds %d active keys for %s where there must be one"
                .formatted(active, algorithm.jose()));
      }
    }
    return held;
  }

  private static Held read(KeyFile file, String alias) throws GeneralSecurityException {
    if (!(file.entries().getEntry(alias, file.protection()) instanceof PrivateKeyEntry entry)
        || !(entry.getCertificate() instanceof X509Certificate certificate)) {
      throw file.corrupt("entry '%s' is not a private key".formatted(alias));
    }
    LocalSigner signer = LocalSigner.decode(entry.getPrivateKey().getEncoded());
    for (KeyState state : KeyState.values()) {
      if (alias(state, signer.key().keyId()).equals(alias)) {
        return new Held(signer, state, certificate);
      }
    }
    throw file.corrupt("entry '%s' does not name the key that it holds".formatted(alias));
  }
}
