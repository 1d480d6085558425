package com.credlink.ledger.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.TestKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HybridSignatureTest {

  private static final Signer ED25519 = TestKeys.signer(Algorithm.ED25519);
  private static final Signer ML_DSA_65 = TestKeys.signer(Algorithm.ML_DSA_65);
  private static final byte[] DIGEST = new byte[32];

  @Test
  void shouldHoldOnlyIfBothSignaturesDo() {
    HybridSignature good = HybridSignature.sign(ED25519, ML_DSA_65, DIGEST);
    byte[] other = new byte[32];
    other[31] = 1;
    HybridSignature ofOther = HybridSignature.sign(ED25519, ML_DSA_65, other);

    assertThat(good.holds(ED25519, ML_DSA_65, DIGEST)).isTrue();
    assertThat(good.holds(ED25519, ML_DSA_65, other)).isFalse();
    assertThat(
            new HybridSignature(good.ed25519(), ofOther.mlDsa65())
                .holds(ED25519, ML_DSA_65, DIGEST))
        .isFalse();
    assertThat(
            new HybridSignature(ofOther.ed25519(), good.mlDsa65())
                .holds(ED25519, ML_DSA_65, DIGEST))
        .isFalse();
    assertThat(
            new HybridSignature(good.ed25519(), Bytes.wrap(new byte[0]))
                .holds(ED25519, ML_DSA_65, DIGEST))
        .isFalse();
  }

  @Test
  void shouldRefuseToCallTwoClassicalSignaturesHybrid() {
    assertThatThrownBy(() -> HybridSignature.sign(ED25519, ED25519, DIGEST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ML-DSA-65");
    HybridSignature good = HybridSignature.sign(ED25519, ML_DSA_65, DIGEST);
    assertThatThrownBy(() -> good.holds(TestKeys.signer(Algorithm.ES256), ML_DSA_65, DIGEST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The structure of RFC 9052 section 4.4, written down by this test; -49 is CBOR 38 30. */
  @Test
  void shouldNameMlDsaAsRfc9964Does() throws Exception {
    byte[] sign1 = HybridSignature.sign(ED25519, ML_DSA_65, DIGEST).mlDsa65().toArray();

    byte[] kid = ML_DSA_65.key().keyId().getBytes(StandardCharsets.US_ASCII);
    byte[] header = HexFormat.of().parseHex("a2013830" + "04582b" + HexFormat.of().formatHex(kid));
    assertThat(Arrays.copyOfRange(sign1, 4, 4 + header.length)).isEqualTo(header);
    byte[] prefix = "\204\152Signature1\130".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer structure = ByteBuffer.allocate(prefix.length + 1 + header.length + 3 + 32);
    structure.put(prefix).put((byte) header.length).put(header);
    structure.put(HexFormat.of().parseHex("405820")).put(DIGEST);
    Signature jdk = Signature.getInstance("ML-DSA-65");
    jdk.initVerify(
        KeyFactory.getInstance("ML-DSA-65")
            .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(ML_DSA_65))));
    jdk.update(structure.array());
    assertThat(jdk.verify(Arrays.copyOfRange(sign1, sign1.length - 3309, sign1.length))).isTrue();
  }
}
