package com.credlink.ledger.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import COSE.MessageTag;
import COSE.OneKey;
import COSE.Sign1Message;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InclusionReceiptTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final TreeHasher HASHER = new TreeHasher();
  private static final List<Hash> LEAVES =
      List.of(
          HASHER.leaf(new byte[] {1}), HASHER.leaf(new byte[] {2}), HASHER.leaf(new byte[] {3}));
  private static final Hash LEFT = HASHER.node(LEAVES.get(0), LEAVES.get(1));
  private static final Hash ROOT = HASHER.node(LEFT, LEAVES.get(2));

  /** The second of three leaves. */
  private static final InclusionProof PROOF =
      new InclusionProof(1, 3, List.of(LEAVES.get(0), LEAVES.get(2)));

  @Test
  void shouldWriteExactlyTheAgreedBytes() {
    Signer signer = TestKeys.signer(Algorithm.ED25519);

    byte[] receipt = InclusionReceipt.sign(signer, PROOF, ROOT);

    String kid =
        HEX.formatHex(
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".getBytes(StandardCharsets.US_ASCII));
    assertThat(HEX.formatHex(receipt))
        .startsWith(
            "d28458" // tag 18, four items
                + "35" // 53 protected bytes:
                + "a3" // three pairs
                + "0127" // alg: EdDSA
                + "04582b" // kid
                + kid
                + "19018b01" // vds: RFC9162_SHA256
                + "a119018ca120" // vdp: { inclusion:
                + "815848" // one proof, 72 bytes
                + "830301" // three items: size 3, index 1
                + "82" // two hashes
                + "5820"
                + LEAVES.get(0)
                + "5820"
                + LEAVES.get(2)
                + "f6" // no payload
                + "5840");
  }

  @Test
  void shouldBeVerifiedByAnotherLibrary() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    OneKey key =
        new OneKey(
            KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(signer))),
            null);

    byte[] receipt = InclusionReceipt.sign(signer, PROOF, ROOT);

    Sign1Message message = (Sign1Message) Sign1Message.DecodeFromBytes(receipt, MessageTag.Sign1);
    assertThat(message.HasContent()).isFalse();
    message.SetContent(ROOT.toArray());
    assertThat(message.validate(key)).isTrue();
    Sign1Message other = (Sign1Message) Sign1Message.DecodeFromBytes(receipt, MessageTag.Sign1);
    other.SetContent(LEFT.toArray());
    assertThat(other.validate(key)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldGiveTheProofBackForTheLeafAndTheKeyOnly(Algorithm algorithm) {
    Signer signer = TestKeys.signer(algorithm);
    Signer other =
        TestKeys.signer(algorithm == Algorithm.ES256 ? Algorithm.ED25519 : Algorithm.ES256);

    byte[] receipt = InclusionReceipt.sign(signer, PROOF, ROOT);

    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), receipt)).contains(PROOF);
    assertThat(InclusionReceipt.verify(signer, LEAVES.get(0), receipt)).isEmpty();
    assertThat(InclusionReceipt.verify(other, LEAVES.get(1), receipt)).isEmpty();
    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), Arrays.copyOf(receipt, 80)))
        .isEmpty();
  }

  @Test
  void shouldNotSignForAnotherRootOrPlace() {
    Signer signer = TestKeys.signer(Algorithm.ED25519);
    List<Hash> path = PROOF.path();

    for (InclusionProof wrong :
        List.of(
            new InclusionProof(0, 3, path),
            new InclusionProof(2, 3, path),
            new InclusionProof(5, 3, path),
            new InclusionProof(-1, 3, path),
            new InclusionProof(1, -3, path),
            new InclusionProof(1, 9, path),
            new InclusionProof(1, 3, path.reversed()),
            new InclusionProof(1, 3, path.subList(0, 1)))) {
      byte[] receipt = InclusionReceipt.sign(signer, wrong, ROOT);
      assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), receipt)).as("%s", wrong).isEmpty();
    }
    byte[] otherRoot = InclusionReceipt.sign(signer, PROOF, LEFT);
    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), otherRoot)).isEmpty();
  }

  @Test
  void shouldHaveNoReceiptInATreeOfOne() {
    Signer signer = TestKeys.signer(Algorithm.ED25519);
    InclusionProof proof = new InclusionProof(0, 1, List.of());

    assertThatThrownBy(() -> InclusionReceipt.sign(signer, proof, LEAVES.get(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 500)
  void shouldRejectAnyFlippedBit(
      @ForAll Algorithm algorithm, @ForAll @IntRange(max = 1_000_000) int any) {
    Signer signer = TestKeys.signer(algorithm);
    byte[] flipped = InclusionReceipt.sign(signer, PROOF, ROOT);
    int bit = any % (flipped.length * 8);
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));

    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), flipped)).isEmpty();
  }

  @Property(tries = 1000)
  void shouldRejectADamagedReceipt(@ForAll long seed) {
    Signer signer = TestKeys.signer(Algorithm.ED25519);
    byte[] receipt = InclusionReceipt.sign(signer, PROOF, ROOT);
    byte[] damaged = Fuzz.damaged(receipt, new Random(seed));

    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), damaged).isPresent())
        .isEqualTo(Arrays.equals(damaged, receipt));
  }

  @Property(tries = 200)
  void shouldAnswerForAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    Signer signer = TestKeys.signer(Algorithm.ES256);

    assertThat(InclusionReceipt.verify(signer, LEAVES.get(1), anything)).isEmpty();
  }
}
