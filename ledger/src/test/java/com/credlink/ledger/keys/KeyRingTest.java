package com.credlink.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    for (KeyRing seen : List.of(ring, open())) {
      assertThat(seen.active()).hasSize(2).contains(made.version()).doesNotContain(old);
      assertThat(seen.all()).hasSize(3);
      assertThat(seen.signer(old.keyId()).sign(new byte[32])).isEqualTo(signature);
      assertThat(seen.verifier(old.keyId()))
          .hasValueSatisfying(
              verifier -> assertThat(verifier.verify(new byte[32], signature)).isTrue());
    }
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
