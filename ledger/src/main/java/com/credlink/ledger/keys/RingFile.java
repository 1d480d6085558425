package com.credlink.ledger.keys;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.KeyStore.SecretKeyEntry;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
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
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key ring's file: a {@link RingState} under the alias {@value #STATE}, and under {@code key.<hex
 * of the thumbprint>} the private half of each key of this process. All of it is replaced at once.
 *
 * <p>Files from before there were certificates have no such state: there each alias is {@code
 * <state>.<hex of the thumbprint>}. They are read, and written in the new form with the next
 * change.
 */
final class RingFile {

  private static final String STATE = "ring";
  private static final String KEY = "key.";

  private final KeyFile file;

  private RingFile(KeyFile file) {
    this.file = file;
  }

  static RingFile open(
      Path path, Password password, SecureRandom random, Supplier<RingContent> first) {
    return new RingFile(
        KeyFile.open(
            path, password, random, (empty, protection) -> fill(empty, protection, first.get())));
  }

  Path path() {
    return file.path();
  }

  /** Everything in it; signers that it does not hold are looked for in {@code source}. */
  RingContent read(KeySource source) {
    try {
      if (!file.entries().containsAlias(STATE)) {
        return readOld();
      }
      RingState state = RingState.decode(bytes(STATE));
      List<Held> held = new ArrayList<>();
      for (RingState.Entry entry : state.keys()) {
        held.add(read(entry, source));
      }
      return checked(RingContent.of(held, state.pending()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it holds a key that cannot be read", e);
    }
  }

  private Held read(RingState.Entry entry, KeySource source) throws GeneralSecurityException {
    PublicHalf half = PublicHalf.decode(entry.chain().getFirst().getPublicKey().getEncoded());
    if (!half.key().keyId().equals(entry.keyId())) {
      throw file.corrupt("the certificate of key '%s' is another's".formatted(entry.keyId()));
    }
    Optional<Signer> signer =
        file.entries().containsAlias(alias(entry.keyId()))
            ? Optional.of(privateHalf(alias(entry.keyId()), entry.keyId()))
            : entry.state() == KeyState.DESTROYED ? Optional.empty() : source.find(entry.keyId());
    return new Held(
        half, signer, entry.state(), entry.createdAt(), entry.activatedAt(), entry.chain());
  }

  private Signer privateHalf(String alias, String keyId) throws GeneralSecurityException {
    if (!(file.entries().getEntry(alias, file.protection()) instanceof PrivateKeyEntry entry)) {
      throw file.corrupt("entry '%s' is not a private key".formatted(alias));
    }
    LocalSigner signer = LocalSigner.decode(entry.getPrivateKey().getEncoded());
    if (!signer.key().keyId().equals(keyId)) {
      throw file.corrupt("entry '%s' does not name the key that it holds".formatted(alias));
    }
    return signer;
  }

  private RingContent checked(RingContent content) {
    Map<Algorithm, Integer> active = new LinkedHashMap<>();
    for (Held held : content.keys().values()) {
      if (held.state() == KeyState.ACTIVE
          && active.merge(held.half().algorithm(), 1, Integer::sum) > 1) {
        throw file.corrupt(
            "it holds two active keys for %s where there must be one"
                .formatted(held.half().algorithm().label()));
      }
    }
    return content;
  }

  /** The log has not been told of the keys of such a file. */
  private RingContent readOld() throws GeneralSecurityException {
    List<Held> held = new ArrayList<>();
    for (String alias : Collections.list(file.entries().aliases())) {
      held.add(readOld(alias));
    }
    held.sort(Comparator.comparing(Held::createdAt));
    List<KeyChange> pending = new ArrayList<>();
    for (KeyChange.Kind kind : List.of(KeyChange.Kind.CREATED, KeyChange.Kind.ACTIVATED)) {
      for (Held one : held) {
        pending.add(
            new KeyChange(kind, one.id(), "configured", one.createdAt(), KeySteps.THE_START));
      }
    }
    return checked(RingContent.of(held, pending));
  }

  private Held readOld(String alias) throws GeneralSecurityException {
    if (!(file.entries().getEntry(alias, file.protection()) instanceof PrivateKeyEntry entry)
        || !(entry.getCertificate() instanceof X509Certificate certificate)) {
      throw file.corrupt("entry '%s' is not a private key".formatted(alias));
    }
    LocalSigner signer = LocalSigner.decode(entry.getPrivateKey().getEncoded());
    Instant createdAt = certificate.getNotBefore().toInstant();
    for (KeyState state : KeyState.values()) {
      String expected = state.name().toLowerCase(Locale.ROOT) + "." + hex(signer.key().keyId());
      if (expected.equals(alias)) {
        return new Held(
            signer.publicHalf(),
            Optional.of(signer),
            state,
            createdAt,
            Optional.of(createdAt),
            List.of(certificate));
      }
    }
    throw file.corrupt("entry '%s' does not name the key that it holds".formatted(alias));
  }

  /**
   * Writes {@code next} in the place of what the file has.
   *
   * @param now what it has
   * @throws KeyException.Unwritable when that fails; the file is then untouched.
   */
  void write(RingContent next, RingContent now) {
    try {
      fill(file.entries(), file.protection(), next);
      try {
        file.save();
      } catch (KeyException.Unwritable e) {
        fill(file.entries(), file.protection(), now);
        throw e;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot write the keys of '%s'".formatted(path()), e);
    }
  }

  private static void fill(KeyStore store, PasswordProtection protection, RingContent content)
      throws GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      store.deleteEntry(alias);
    }
    for (Held held : content.keys().values()) {
      if (held.signer().orElse(null) instanceof LocalSigner local) {
        store.setEntry(
            alias(held.id()), LocalKeys.entry(local, held.chain().getFirst()), protection);
      }
    }
    RingState state = new RingState(entries(content.keys().values()), content.pending());
    store.setEntry(STATE, secret(state), protection);
  }

  private static List<RingState.Entry> entries(Collection<Held> held) {
    return held.stream()
        .map(
            one ->
                new RingState.Entry(
                    one.id(), one.state(), one.createdAt(), one.activatedAt(), one.chain()))
        .toList();
  }

  /** PKCS#12 asks for the name of an algorithm that it knows, whatever the bytes are. */
  private static SecretKeyEntry secret(RingState state) {
    return new SecretKeyEntry(new SecretKeySpec(state.encoded(), "HmacSHA256"));
  }

  private byte[] bytes(String alias) throws GeneralSecurityException {
    if (file.entries().getEntry(alias, file.protection()) instanceof SecretKeyEntry entry) {
      return entry.getSecretKey().getEncoded();
    }
    throw file.corrupt("it has no entry '" + alias + "'");
  }

  /** PKCS#12 aliases know no upper case, thumbprints in base64url do: hence hexadecimal. */
  private static String alias(String keyId) {
    return KEY + hex(keyId);
  }

  private static String hex(String keyId) {
    return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(keyId));
  }
}
