package com.credlink.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys in SoftHSM, through the JDK's PKCS#11. */
class Pkcs11KeysTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-27T10:00:00Z"));
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

  @TempDir private static Path directory;
  private static SoftHsm hsm;
  private static Pkcs11Keys keys;

  @BeforeAll
  static void start() throws Exception {
    hsm = SoftHsm.start();
    keys = open(hsm.pin());
  }

  @AfterAll
  static void stop() {
    if (keys != null) {
      keys.close();
    }
  }

  private static Pkcs11Keys open(String pin) {
    return Pkcs11Keys.open(hsm.library(), hsm.slot(), pin.toCharArray(), RANDOM, CLOCK);
  }

  @ParameterizedTest
  @EnumSource(names = {"ES256", "ES384", "PS256"})
  void shouldSignInTheTokenWhatThePublicHalfVerifies(Algorithm algorithm) throws Exception {
    KeySource.Made made = keys.make(algorithm);

    byte[] signature = made.signer().sign(MESSAGE);

    Verifier outside = PublicHalf.decode(made.publicKey().toArray());
    assertThat(outside.verify(MESSAGE, signature)).isTrue();
    Signature jdk = JdkVerification.of(algorithm);
    jdk.initVerify(
        KeyFactory.getInstance(algorithm == Algorithm.PS256 ? "RSA" : "EC")
            .generatePublic(new X509EncodedKeySpec(made.publicKey().toArray())));
    jdk.update(MESSAGE);
    assertThat(jdk.verify(signature)).isTrue();
    assertThat(signature).hasSize(made.signer().signatureLength());
    assertThat(made.signer().isDeterministic()).isFalse();
    assertThat(keys.find(made.signer().key().keyId()).orElseThrow().sign(MESSAGE)).isNotEmpty();
  }

  @Test
  void shouldNotMakeWhatTheJdkCannotAskTheTokenFor() {
    assertThat(keys.makes(Algorithm.ED25519)).isFalse();
    assertThat(keys.makes(Algorithm.ML_DSA_65)).isFalse();
    assertThat(keys.find("nobody")).isEmpty();
  }

  @Test
  void shouldGoOnAfterItsSessionWasLost() throws Exception {
    Signer signer = keys.make(Algorithm.ES256).signer();
    assertThat(signer.verify(MESSAGE, signer.sign(MESSAGE))).isTrue();

    keys.loseSession();

    assertThat(signer.verify(MESSAGE, signer.sign(MESSAGE))).isTrue();
    assertThat(keys.make(Algorithm.ES256).signer().sign(MESSAGE)).hasSize(64);
  }

  @Test
  void shouldBeTheKeysOfARing() throws Exception {
    Path file = directory.resolve("ring.p12");
    KeyRing ring = ring(file);
    String first = ring.active().getFirst().keyId();
    KeyChange.Cause cause =
        new KeyChange.Cause(new Actor(ActorType.SYSTEM, "test"), "test", Optional.empty());
    byte[] before = ring.signer(first).sign(MESSAGE);
    RingKey second = ring.create(Algorithm.ES256, "test", cause);
    var _ = ring.activate(second.keyId(), "test", cause);

    KeyRing again = ring(file);

    assertThat(again.verifier(first).orElseThrow().verify(MESSAGE, before)).isTrue();
    assertThat(again.signer(second.keyId()).sign(MESSAGE)).hasSize(64);
    var _ = again.retire(first, "test", cause);
    var _ = again.destroy(first, "test", cause);
    assertThat(keys.find(first)).isEmpty();
    assertThat(keys.find(second.keyId())).isPresent();
  }

  private static KeyRing ring(Path file) {
    return KeyRing.open(
        file, new Password.Given("secret"), List.of(Algorithm.ES256), keys, RANDOM, CLOCK);
  }

  @Test
  void shouldSayThatThereIsNoModule() {
    assertThatThrownBy(
            () ->
                Pkcs11Keys.open(directory.resolve("none.so"), 0, "1".toCharArray(), RANDOM, CLOCK))
        .isInstanceOf(KeyException.Unavailable.class)
        .hasMessageContaining("no PKCS#11 module");
    assertThatThrownBy(() -> Pkcs11Keys.open(hsm.library(), 17, "1".toCharArray(), RANDOM, CLOCK))
        .isInstanceOf(KeyException.Unavailable.class)
        .hasMessageContaining("slot 17");
  }
}
