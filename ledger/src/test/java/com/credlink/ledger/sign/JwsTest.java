package com.credlink.ledger.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.TestKeys;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwsTest {

  private static final byte[] DIGEST = new byte[32];

  static {
    Arrays.fill(DIGEST, (byte) 0xA7);
  }

  @Test
  void shouldBeVerifiedByAnotherLibrary() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ES256);

    JWSObject parsed = JWSObject.parse(Jws.compact(signer, DIGEST));

    ECPublicKey key =
        (ECPublicKey)
            KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(signer)));
    assertThat(parsed.verify(new ECDSAVerifier(key))).isTrue();
    assertThat(parsed.getHeader().getKeyID()).isEqualTo(signer.key().keyId());
    assertThat(parsed.getHeader().toJSONObject()).containsOnlyKeys("alg", "kid");
    assertThat(parsed.getPayload().toBytes()).isEqualTo(DIGEST);
  }

  /** The other library needs a further one for Ed25519; the JDK has it. */
  @Test
  void shouldBeVerifiedByTheJdkForEd25519() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ED25519);

    JWSObject parsed = JWSObject.parse(Jws.compact(signer, DIGEST));

    Signature jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(signer))));
    jdk.update(parsed.getSigningInput());
    assertThat(jdk.verify(parsed.getSignature().decode())).isTrue();
    assertThat(parsed.getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldGiveTheSameTextForTheSameDigest(Algorithm algorithm) {
    Signer signer = TestKeys.signer(algorithm);
    String compact = Jws.compact(signer, DIGEST);

    assertThat(Jws.compact(signer, DIGEST)).isEqualTo(compact);
    assertThat(Jws.verify(signer, DIGEST, compact)).isTrue();
    assertThat(Jws.keyId(compact)).contains(signer.key().keyId());
  }

  @Property(tries = 300)
  void shouldRejectAnyFlippedBitOfTheText(
      @ForAll Algorithm algorithm,
      @ForAll @IntRange(max = 6) int bit,
      @ForAll @IntRange(max = 10_000) int at) {
    Signer signer = TestKeys.signer(algorithm);
    byte[] compact = Jws.compact(signer, DIGEST).getBytes(StandardCharsets.US_ASCII);
    compact[at % compact.length] ^= (byte) (1 << bit);

    assertThat(Jws.verify(signer, DIGEST, new String(compact, StandardCharsets.US_ASCII)))
        .isFalse();
  }

  @Test
  void shouldRejectEverySpareBitOfTheLastCharacter() {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    String compact = Jws.compact(signer, DIGEST);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";

    long accepted =
        alphabet
            .chars()
            .mapToObj(last -> compact.substring(0, compact.length() - 1) + (char) last)
            .filter(text -> Jws.verify(signer, DIGEST, text))
            .count();

    assertThat(accepted).isEqualTo(1);
    assertThat(Jws.verify(signer, DIGEST, compact + "==")).isFalse();
  }

  @Test
  void shouldRejectAnotherAlgorithmNoneAndOtherKeys() {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    String compact = Jws.compact(signer, DIGEST);
    String none =
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII))
            + compact.substring(compact.indexOf('.'), compact.lastIndexOf('.') + 1);

    assertThat(Jws.verify(signer, DIGEST, none)).isFalse();
    assertThat(Jws.verify(TestKeys.signer(Algorithm.ED25519), DIGEST, compact)).isFalse();
    assertThat(Jws.verify(TestKeys.p256("1234"), DIGEST, compact)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "!!.a.b", "e30.a.b", "eyJraWQiOjF9.a.b", "bm8.a.b", "W10.a.b"})
  void shouldAnswerForAnyText(String text) {
    assertThat(Jws.verify(TestKeys.signer(Algorithm.ES256), DIGEST, text)).isFalse();
    assertThat(Jws.keyId(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void shouldSignNothingButADigest(int length) {
    Signer signer = TestKeys.signer(Algorithm.ES256);

    assertThatThrownBy(() -> Jws.compact(signer, new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
