package com.credlink.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00.123Z"));

  private static final KeyChange.Cause CAUSE =
      new KeyChange.Cause(
          new Actor(ActorType.ADMIN, "somebody"), "test", Optional.of("a decision"));

  @TempDir Path directory;

  private Path p12() {
    return directory.resolve("keys/keys.p12");
  }

  private Path passwordFile() {
    return directory.resolve("keys/keys.password");
  }

  private KeyRing open() {
    return open(new Password.FromFile(passwordFile()));
  }

  private KeyRing open(Password password) {
    return KeyRing.open(p12(), password, new SecureRandom(), CLOCK);
  }

  @Test
  void shouldMakeOneActiveKeyPerAlgorithmOnFirstStart() throws Exception {
    KeyRing ring = open();

    assertThat(ring.active())
        .extracting(KeyVersion::algorithm)
        .containsExactly(SignatureAlgorithm.ES256, SignatureAlgorithm.EDDSA);
    assertThat(ring.all())
        .allSatisfy(
            key -> {
              assertThat(key.state()).isEqualTo(KeyState.ACTIVE);
              assertThat(key.createdAt()).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
            });
    for (Path file : List.of(p12(), passwordFile())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    try (var files = Files.list(p12().getParent())) {
      assertThat(files).containsExactlyInAnyOrder(p12(), passwordFile());
    }
  }

  @Test
  void shouldSignTheSameAfterARestart() {
    KeyRing before = open();
    KeyRing after = open();

    assertThat(after.all()).isEqualTo(before.all());
    for (KeyVersion key : before.active()) {
      assertThat(after.signer(key.keyId()).sign(new byte[32]))
          .isEqualTo(before.signer(key.keyId()).sign(new byte[32]));
    }
  }

  @Test
  void shouldKeepTheOldKeyForWhatWasPromisedToItAfterARotation() {
    KeyRing ring = open();
    KeyVersion old = ring.active().getFirst();
    byte[] signature = ring.signer(old.keyId()).sign(new byte[32]);

    PublicKeyInfo made = ring.rotate(Algorithm.ES256);
    tell(ring);

    for (KeyRing seen : List.of(ring, open())) {
      assertThat(seen.active()).hasSize(2).contains(made.version()).doesNotContain(old);
      assertThat(seen.all()).hasSize(3);
      assertThat(seen.signer(old.keyId()).sign(new byte[32])).isEqualTo(signature);
      assertThat(seen.verifier(old.keyId()))
          .hasValueSatisfying(
              verifier -> assertThat(verifier.verify(new byte[32], signature)).isTrue());
    }
  }

  private static void tell(KeyRing ring) {
    ring.pending().forEach(ring::stated);
  }

  private KeyRing open(KeySource source, Algorithm... algorithms) {
    return KeyRing.open(
        p12(),
        new Password.FromFile(passwordFile()),
        List.of(algorithms),
        source,
        new SecureRandom(),
        CLOCK);
  }

  private static KeySource local() {
    return KeySource.ofThisProcess(new SecureRandom());
  }

  @Test
  void shouldOfferANewKeyOnlyWhenTheLogHasItsActivation() {
    KeyRing ring = open();
    tell(ring);
    KeyVersion old = ring.active().getFirst();

    KeyVersion made = ring.rotate(Algorithm.ES256).version();

    assertThat(ring.active()).contains(old).doesNotContain(made);
    KeyRing again = open();
    assertThat(again.active()).contains(old).doesNotContain(made);
    assertThat(again.pending())
        .extracting(KeyChange::kind, KeyChange::keyId)
        .containsExactly(
            tuple(KeyChange.Kind.CREATED, made.keyId()),
            tuple(KeyChange.Kind.ACTIVATED, made.keyId()));
    tell(again);
    assertThat(again.active()).contains(made).doesNotContain(old);
    assertThat(open().pending()).isEmpty();
  }

  @Test
  void shouldOwnTheLogTheFactsOfItsFirstKeys() {
    KeyRing ring = open();

    assertThat(ring.pending())
        .extracting(KeyChange::kind)
        .containsExactly(
            KeyChange.Kind.CREATED,
            KeyChange.Kind.ACTIVATED,
            KeyChange.Kind.CREATED,
            KeyChange.Kind.ACTIVATED);
    assertThat(ring.active()).hasSize(2);
  }

  @Test
  void shouldOfferTheConfiguredAlgorithmsInTheirOrder() {
    KeyRing ring = open(local(), Algorithm.ED25519, Algorithm.ES384, Algorithm.ML_DSA_65);

    assertThat(ring.active())
        .extracting(KeyVersion::algorithm)
        .containsExactly(
            SignatureAlgorithm.EDDSA, SignatureAlgorithm.ES384, SignatureAlgorithm.ML_DSA_65);
    KeyRing other = open(local(), Algorithm.ES256);
    assertThat(other.active())
        .extracting(KeyVersion::algorithm)
        .containsExactly(SignatureAlgorithm.ES256);
    assertThat(other.all()).hasSize(4).containsAll(ring.all());
    ring.active()
        .forEach(
            key ->
                assertThat(other.signer(key.keyId()).sign(new byte[1]))
                    .isEqualTo(ring.signer(key.keyId()).sign(new byte[1])));
  }

  @Test
  void shouldLeadAKeyThroughItsWholeLife() {
    KeyRing ring = open();
    String old = ring.active().getFirst().keyId();
    byte[] signature = ring.signer(old).sign(new byte[32]);
    RingKey young = ring.create(Algorithm.ES256, "test", CAUSE);

    assertThat(young.key().state()).isEqualTo(KeyState.CREATED);
    assertThatThrownBy(() -> ring.signer(young.keyId()))
        .isInstanceOf(KeyException.MayNotSign.class);
    assertThatThrownBy(() -> ring.retire(old, "test", CAUSE))
        .isInstanceOf(KeyException.WrongState.class)
        .hasMessageContaining("ACTIVE");
    assertThat(ring.activate(young.keyId(), "test", CAUSE).activatedAt())
        .contains(CLOCK.instant().truncatedTo(ChronoUnit.MICROS));
    assertThat(ring.signer(old).sign(new byte[32])).isEqualTo(signature);
    assertThatThrownBy(() -> ring.destroy(old, "test", CAUSE))
        .isInstanceOf(KeyException.WrongState.class);
    assertThat(ring.retire(old, "test", CAUSE).key().state()).isEqualTo(KeyState.RETIRED);
    assertThatThrownBy(() -> ring.signer(old)).isInstanceOf(KeyException.MayNotSign.class);
    ring.destroy(old, "leaked", CAUSE);

    for (KeyRing seen : List.of(ring, open())) {
      RingKey destroyed = seen.entry(old).orElseThrow();
      assertThat(destroyed.key().state()).isEqualTo(KeyState.DESTROYED);
      assertThat(destroyed.inSource()).isFalse();
      assertThatThrownBy(() -> seen.signer(old)).isInstanceOf(KeyException.MayNotSign.class);
      assertThat(seen.verifier(old).orElseThrow().verify(new byte[32], signature)).isTrue();
      KeyChange last = seen.pending().getLast();
      assertThat(last.kind()).isEqualTo(KeyChange.Kind.DESTROYED);
      assertThat(last.reason()).isEqualTo("leaked");
      assertThat(last.cause()).isEqualTo(CAUSE);
    }
  }

  @Test
  void shouldLeaveNoPrivateHalfOfADestroyedKeyInTheFile() throws Exception {
    KeyRing ring = open(new Password.Given("secret"));
    String old = ring.active().getFirst().keyId();
    ring.rotate(Algorithm.ES256);
    ring.retire(old, "test", CAUSE);
    ring.destroy(old, "test", CAUSE);

    KeyStore entries = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(p12())) {
      entries.load(in, "secret".toCharArray());
    }
    int privateKeys = 0;
    for (String alias : Collections.list(entries.aliases())) {
      if (entries.getKey(alias, "secret".toCharArray()) instanceof PrivateKey) {
        privateKeys++;
      }
    }
    assertThat(privateKeys).isEqualTo(2);
  }

  @Test
  void shouldChangeNothingWhenTheFileCannotBeWritten() throws Exception {
    KeyRing ring = open();
    List<RingKey> before = ring.entries();
    Path keys = p12().getParent();
    Path aside = Files.move(keys, directory.resolve("aside"));
    Files.writeString(keys, "a file where the directory should be");

    assertThatThrownBy(() -> ring.rotate(Algorithm.ES256))
        .isInstanceOf(KeyException.Unwritable.class);

    Files.delete(keys);
    Files.move(aside, keys);
    assertThat(ring.entries()).isEqualTo(before);
    assertThat(open().entries()).isEqualTo(before);
  }

  /** Signs with another key than the one whose public half it shows. */
  private record Liar(KeySource local) implements KeySource {
    @Override
    public String name() {
      return "a broken token";
    }

    @Override
    public boolean makes(Algorithm algorithm) {
      return algorithm == Algorithm.ES256;
    }

    @Override
    public Made make(Algorithm algorithm) {
      return new Made(new LyingSigner(local.make(algorithm).signer()), shown(algorithm));
    }

    private Bytes shown(Algorithm algorithm) {
      return local.make(algorithm).publicKey();
    }

    @Override
    public Optional<Signer> find(String keyId) {
      return Optional.empty();
    }

    @Override
    public void certify(String keyId, List<X509Certificate> chain) {}

    @Override
    public void destroy(String keyId) {}

    @Override
    public void close() {}
  }

  private record LyingSigner(Signer other) implements Signer {
    @Override
    public byte[] sign(byte[] message) {
      return other.sign(message);
    }

    @Override
    public KeyVersion key() {
      return other.key();
    }

    @Override
    public Algorithm algorithm() {
      return other.algorithm();
    }

    @Override
    public int signatureLength() {
      return other.signatureLength();
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
      return other.verify(message, signature);
    }
  }

  @Test
  void shouldNotActivateAKeyWhoseCanaryFails() {
    KeyRing ring = open(local(), Algorithm.ES256);
    tell(ring);

    assertThatThrownBy(() -> open(new Liar(local()), Algorithm.ES256))
        .isInstanceOf(KeyException.CanaryFailed.class);

    assertThat(open(local(), Algorithm.ES256).entries()).isEqualTo(ring.entries());
  }

  @Test
  void shouldRefuseAnAlgorithmThatTheSourceDoesNotMake() {
    assertThatThrownBy(() -> open(new Liar(local()), Algorithm.ED25519))
        .isInstanceOf(KeyException.NotMade.class)
        .hasMessage("a broken token makes no keys for Ed25519");
  }

  /** What was written before keys had certificates. */
  @Test
  void shouldReadAFileFromBeforeThereWereCertificates() throws Exception {
    Password password = new Password.Given("secret");
    List<LocalSigner> old = new ArrayList<>();
    KeyFile _ =
        KeyFile.open(
            p12(),
            password,
            new SecureRandom(),
            (empty, protection) -> {
              for (Algorithm algorithm : KeyRing.DEFAULT_ALGORITHMS) {
                LocalSigner signer = LocalSigner.generate(algorithm, new SecureRandom());
                old.add(signer);
                empty.setEntry(
                    "active."
                        + HexFormat.of()
                            .formatHex(Base64.getUrlDecoder().decode(signer.key().keyId())),
                    new KeyStore.PrivateKeyEntry(
                        KeyFactory.getInstance(algorithm.keyFactory())
                            .generatePrivate(new PKCS8EncodedKeySpec(signer.encoded())),
                        new Certificate[] {
                          SelfSigned.of(
                              signer,
                              Bytes.wrap(signer.publicHalf().encoded()),
                              KeyPurpose.ASSET_SIGNING,
                              Instant.parse("2026-01-01T00:00:00Z"),
                              new SecureRandom())
                        }),
                    protection);
              }
            });

    for (int start = 0; start < 2; start++) {
      KeyRing ring = open(password);
      assertThat(ring.active()).containsExactlyElementsOf(old.stream().map(Signer::key).toList());
      assertThat(ring.pending()).hasSize(4);
      assertThat(ring.all())
          .allSatisfy(
              key -> assertThat(key.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z")));
    }
    KeyRing told = open(password);
    tell(told);
    KeyRing converted = open(password);
    assertThat(converted.pending()).isEmpty();
    assertThat(converted.entries()).isEqualTo(told.entries());
    for (LocalSigner signer : old) {
      assertThat(converted.signer(signer.key().keyId()).sign(new byte[3]))
          .isEqualTo(signer.sign(new byte[3]));
    }
  }

  @Test
  void shouldPublishEachAlgorithmSoThatOthersVerifyByIt() throws Exception {
    KeyRing ring = open(local(), Algorithm.values());
    JsonNode set = Jwks.of(ring.all());

    assertThat(set.path("keys")).hasSize(Algorithm.values().length);
    for (JsonNode jwk : set.path("keys")) {
      Algorithm algorithm = Algorithm.named(jwk.path("alg").asText()).orElseThrow();
      byte[] signature = ring.signer(jwk.path("kid").asText()).sign(new byte[] {7});
      Signature theirs = JdkVerification.of(algorithm);
      theirs.initVerify(publicKey(algorithm, jwk));
      theirs.update((byte) 7);
      assertThat(theirs.verify(signature)).as(algorithm.name()).isTrue();
    }
    // RFC 7517 section 5: what it does not know (AKP, RFC 9964) is passed over.
    assertThat(JWKSet.parse(set.toString()).getKeys())
        .extracting(key -> key.getAlgorithm().getName())
        .containsExactly("ES256", "ES384", "PS256", "EdDSA");
  }

  /** From the members of the published key alone, read by the other library where it knows them. */
  private static PublicKey publicKey(Algorithm algorithm, JsonNode jwk) throws Exception {
    return switch (algorithm) {
      case ES256, ES384 -> JWK.parse(jwk.toString()).toECKey().toECPublicKey();
      case PS256 -> JWK.parse(jwk.toString()).toRSAKey().toRSAPublicKey();
      case ED25519 ->
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new X509EncodedKeySpec(joined("302a300506032b6570032100", jwk.path("x"))));
      case ML_DSA_65 ->
          KeyFactory.getInstance("ML-DSA-65")
              .generatePublic(
                  new X509EncodedKeySpec(
                      joined("308207b2300b0609608648016503040312038207a100", jwk.path("pub"))));
    };
  }

  private static byte[] joined(String prefix, JsonNode base64) {
    return HexFormat.of()
        .parseHex(
            prefix + HexFormat.of().formatHex(Base64.getUrlDecoder().decode(base64.asText())));
  }

  @Test
  void shouldPublishKeysThatAnotherLibraryReadsAndNamesAlike() throws Exception {
    KeyRing ring = open();

    ObjectNode jwks = Jwks.of(ring.all());

    JWKSet parsed = JWKSet.parse(jwks.toString());
    assertThat(parsed.getKeys()).hasSize(2);
    for (JWK key : parsed.getKeys()) {
      assertThat(key.isPrivate()).isFalse();
      assertThat(key.computeThumbprint().toString()).isEqualTo(key.getKeyID());
      assertThat(key.getKeyUse().getValue()).isEqualTo("sig");
    }
    assertThat(parsed.getKeys())
        .extracting(key -> key.getAlgorithm().getName())
        .containsExactly("ES256", "EdDSA");
  }

  @Test
  void shouldPublishAReplacedKeyWithItsStateAndValidity() throws Exception {
    KeyRing ring = open();
    String old = ring.active().getFirst().keyId();

    String young = ring.rotate(Algorithm.ES256).keyId();

    ObjectNode published = Jwks.withValidity(Map.of(KeyPurpose.ASSET_SIGNING, ring.all()));
    assertThat(JWKSet.parse(published.toString()).getKeyByKeyId(old)).isNotNull();
    assertThat(published.path("keys"))
        .hasSize(3)
        .allSatisfy(
            key -> {
              assertThat(key.path("purpose").asText()).isEqualTo("asset-signing");
              assertThat(key.path("state").asText())
                  .isEqualTo(key.path("kid").asText().equals(old) ? "verify_only" : "active");
              assertThat(Instant.parse(key.path("not_before").asText()))
                  .isEqualTo(createdAt(ring, key.path("kid").asText()));
            });
    assertThat(published.path("keys").findValuesAsText("kid")).contains(old, young);
  }

  private static Instant createdAt(KeyRing ring, String keyId) {
    return ring.all().stream()
        .filter(key -> key.keyId().equals(keyId))
        .findFirst()
        .orElseThrow()
        .createdAt();
  }

  @Test
  void shouldOpenOneRingWhenManyStartAtOnce() throws Exception {
    Set<List<KeyVersion>> seen = new HashSet<>();
    try (ExecutorService starts = Executors.newFixedThreadPool(8)) {
      List<Callable<List<KeyVersion>>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(() -> open().active());
      }
      for (Future<List<KeyVersion>> call : starts.invokeAll(calls)) {
        seen.add(call.get());
      }
    }

    assertThat(seen).hasSize(1);
  }

  @Test
  void shouldSayThatThePasswordIsWrong() {
    KeyRing _ = open();

    assertThatThrownBy(() -> open(new Password.Given("another")))
        .isInstanceOf(KeyException.WrongPassword.class)
        .hasMessageContaining(p12().toString());
  }

  @Test
  void shouldSayThatThePasswordFileIsMissingOrEmpty() throws Exception {
    KeyRing _ = open();
    Files.delete(passwordFile());
    assertThatThrownBy(this::open).isInstanceOf(KeyException.PasswordMissing.class);

    Files.writeString(passwordFile(), "\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyException.Corrupt.class)
        .hasMessageContaining("no password");
  }

  @Test
  void shouldSayThatTheFileIsCorrupt() throws Exception {
    KeyRing _ = open();
    byte[] good = Files.readAllBytes(p12());

    for (byte[] bad :
        List.of(new byte[0], new byte[] {0x30}, java.util.Arrays.copyOf(good, good.length / 2))) {
      Files.write(p12(), bad);
      assertThatThrownBy(this::open).isInstanceOf(KeyException.Corrupt.class);
    }
  }

  @Test
  void shouldNeverOpenAFileWithAFlippedByte() throws Exception {
    KeyRing _ = open();
    byte[] good = Files.readAllBytes(p12());

    for (int at = 0; at < good.length; at += 229) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(p12(), bad);
      assertThatThrownBy(this::open).as("byte %d", at).isInstanceOf(KeyException.class);
    }
  }

  @Test
  void shouldSayThatTheDirectoryCannotBeWritten() throws Exception {
    Files.writeString(directory.resolve("keys"), "a file where the directory should be");

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyException.Unwritable.class)
        .hasMessageContaining("keys.password");
  }

  @Test
  void shouldSayThatAKeyIsUnknown() {
    KeyRing ring = open(new Password.Given("secret"));

    assertThatThrownBy(() -> ring.signer("nobody"))
        .isInstanceOf(KeyException.Unknown.class)
        .hasMessageContaining("nobody");
    assertThat(ring.verifier("nobody")).isEmpty();
  }

  @Test
  void shouldNotShowThePassword() {
    assertThat(new Password.Given("secret").toString()).doesNotContain("secret");
    assertThatThrownBy(() -> new Password.Given("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldAllowOnlyTheStepsOfTheDiagram() {
    Set<String> allowed = new HashSet<>();
    for (KeyState from : KeyState.values()) {
      for (KeyState to : KeyState.values()) {
        if (from.canBecome(to)) {
          allowed.add(from + ">" + to);
        }
      }
    }

    assertThat(allowed)
        .containsExactlyInAnyOrder(
            "CREATED>ACTIVE",
            "CREATED>RETIRED",
            "ACTIVE>VERIFY_ONLY",
            "VERIFY_ONLY>RETIRED",
            "RETIRED>DESTROYED");
    assertThat(KeyState.values())
        .filteredOn(KeyState::maySign)
        .containsExactly(KeyState.ACTIVE, KeyState.VERIFY_ONLY);
  }
}
