package com.credlink.ledger.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import COSE.MessageTag;
import COSE.OneKey;
import COSE.Sign1Message;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.TestKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoseTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] DIGEST =
      HEX.parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  /** RFC 8152 appendix C.2.1 (key '11' of C.7.2), also published as sign1-tests/sign-pass-02. */
  @Test
  void shouldBuildTheStructureThatRfc8152Signs() {
    byte[] header = HEX.parseHex("a10126");
    byte[] payload = "This is the content.".getBytes(StandardCharsets.US_ASCII);

    byte[] structure = Cose.toBeSigned(header, payload);

    assertThat(HEX.formatHex(structure))
        .isEqualTo("846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e");
    Signer key = TestKeys.p256("57c92077664146e876760c9520d054aa93c3afb04e306705db6090308507b4d3");
    byte[] published =
        HEX.parseHex(
            "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
                + "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36");
    assertThat(key.verify(structure, published)).isTrue();
  }

  @Test
  void shouldWriteExactlyTheAgreedBytes() {
    Signer signer = TestKeys.signer(Algorithm.ED25519);

    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);

    String kid =
        HEX.formatHex(
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".getBytes(StandardCharsets.US_ASCII));
    // tag 18, array of 4, 49 protected bytes: map of 2, 1: -8, 4: 43 bytes; empty map, nil, 64
    // bytes
    assertThat(HEX.formatHex(sign1))
        .startsWith("d28458" + "31" + "a2012704582b" + kid + "a0f65840");
    assertThat(sign1).hasSize(4 + 49 + 2 + 2 + 64);
  }

  @Test
  void shouldBeVerifiedByAnotherLibrary() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    OneKey key = new OneKey(publicKey("EC", signer), null);

    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);

    Sign1Message good = (Sign1Message) Sign1Message.DecodeFromBytes(sign1, MessageTag.Sign1);
    good.SetContent(DIGEST);
    assertThat(good.validate(key)).isTrue();

    byte[] other = DIGEST.clone();
    other[0] ^= 1;
    Sign1Message bad = (Sign1Message) Sign1Message.DecodeFromBytes(sign1, MessageTag.Sign1);
    bad.SetContent(other);
    assertThat(bad.validate(key)).isFalse();
  }

  /**
   * The other library takes Ed25519 keys from one provider only; it parses the message here, and
   * the JDK checks the signature over a structure that this test writes down by itself.
   */
  @Test
  void shouldBeVerifiedByTheJdkForEd25519() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ED25519);

    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);

    Sign1Message parsed = (Sign1Message) Sign1Message.DecodeFromBytes(sign1, MessageTag.Sign1);
    assertThat(parsed.HasContent()).isFalse();
    String header = HEX.formatHex(sign1, 4, 4 + 49);
    Signature jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(publicKey("Ed25519", signer));
    jdk.update(
        HEX.parseHex(
            "84"
                + "6a5369676e617475726531"
                + "5831"
                + header
                + "40"
                + "5820"
                + HEX.formatHex(DIGEST)));
    assertThat(jdk.verify(Arrays.copyOfRange(sign1, sign1.length - 64, sign1.length))).isTrue();
  }

  private static PublicKey publicKey(String family, Signer signer) throws Exception {
    return KeyFactory.getInstance(family)
        .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(signer)));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldGiveTheSameBytesForTheSameDigest(Algorithm algorithm) {
    Signer signer = TestKeys.signer(algorithm);

    assertThat(Cose.sign1Detached(signer, DIGEST)).isEqualTo(Cose.sign1Detached(signer, DIGEST));
    assertThat(Cose.keyId(Cose.sign1Detached(signer, DIGEST))).contains(signer.key().keyId());
  }

  @Property(tries = 300)
  void shouldRejectAnyFlippedBit(
      @ForAll Algorithm algorithm, @ForAll @IntRange(max = 100_000) int chosen) {
    Signer signer = TestKeys.signer(algorithm);
    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);
    int bit = chosen % (sign1.length * 8);
    byte[] flipped = sign1.clone();
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    byte[] otherDigest = DIGEST.clone();
    otherDigest[bit / 8 % 32] ^= (byte) (1 << (bit % 8));

    assertThat(Cose.verify(signer, DIGEST, sign1)).isTrue();
    assertThat(Cose.verify(signer, DIGEST, flipped)).isFalse();
    assertThat(Cose.verify(signer, otherDigest, sign1)).isFalse();
  }

  @Property(tries = 200)
  void shouldAnswerForAnyBytes(@ForAll @Size(max = 130) byte[] anything) {
    assertThat(Cose.verify(TestKeys.signer(Algorithm.ES256), DIGEST, anything)).isFalse();
    assertThat(Cose.keyId(anything)).isEmpty();
  }

  @Test
  void shouldRejectCutOffAndPaddedSignaturesAndOtherKeys() {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);

    for (int length = 0; length < sign1.length; length++) {
      assertThat(Cose.verify(signer, DIGEST, Arrays.copyOf(sign1, length))).isFalse();
      assertThat(Cose.keyId(Arrays.copyOf(sign1, length))).isEmpty();
    }
    assertThat(Cose.verify(signer, DIGEST, Arrays.copyOf(sign1, sign1.length + 1))).isFalse();
    assertThat(Cose.verify(TestKeys.p256("1234"), DIGEST, sign1)).isFalse();
    assertThat(Cose.verify(TestKeys.signer(Algorithm.ED25519), DIGEST, sign1)).isFalse();
  }

  @Test
  void shouldRejectAnAttachedPayload() {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    byte[] sign1 = Cose.sign1Detached(signer, DIGEST);
    int nil = sign1.length - 64 - 3;
    byte[] attached = new byte[sign1.length + 33];
    System.arraycopy(sign1, 0, attached, 0, nil);
    attached[nil] = 0x58;
    attached[nil + 1] = 0x20;
    System.arraycopy(DIGEST, 0, attached, nil + 2, 32);
    System.arraycopy(sign1, nil + 1, attached, nil + 34, 66);

    assertThat(sign1[nil]).isEqualTo((byte) 0xF6);
    assertThat(Cose.verify(signer, DIGEST, attached)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void shouldSignNothingButADigest(int length) {
    Signer signer = TestKeys.signer(Algorithm.ES256);

    assertThatThrownBy(() -> Cose.sign1Detached(signer, new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
