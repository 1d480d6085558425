package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import com.credlink.ledger.merkle.ProofException;
import com.credlink.ledger.merkle.TreeHasher;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlogProofTest {

  private static final NoteSigner LOG = NoteKeys.log("log.example/0", 1);
  private static final TreeHasher HASHER = new TreeHasher();
  private static final Hash LEFT = HASHER.leaf(new byte[] {1});
  private static final Hash RIGHT = HASHER.leaf(new byte[] {2});

  /** Two leaves, signed. */
  private static final SignedNote CHECKPOINT =
      new Checkpoint("log.example/0", 2, HASHER.node(LEFT, RIGHT))
          .sign(NoteKeys.TIME, List.of(LOG));

  private static final Policy POLICY =
      Policy.parse(("log " + LOG.key() + "\nquorum none\n").getBytes(StandardCharsets.UTF_8));

  private static final TlogProof PROOF =
      TlogProof.of(new InclusionProof(1, 2, List.of(LEFT)), CHECKPOINT);

  private static TlogProof parse(String text) {
    return TlogProof.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldWriteTheLinesOfTheSpecification() {
    String expected =
        "c2sp.org/tlog-proof@v1\nindex 1\n" + LEFT.base64() + "\n\n" + CHECKPOINT.format();

    assertThat(new String(PROOF.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(expected);
    assertThat(parse(expected)).isEqualTo(PROOF);
  }

  @Test
  void shouldCarryWhatIsExtra() {
    Bytes extra = Bytes.wrap("extra information".getBytes(StandardCharsets.US_ASCII));
    TlogProof proof = new TlogProof(Optional.of(extra), 1, List.of(LEFT), CHECKPOINT);

    String written = new String(proof.toByteArray(), StandardCharsets.UTF_8);

    assertThat(written)
        .startsWith("c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 1\n");
    assertThat(parse(written)).isEqualTo(proof);
    assertThat(proof.verify(RIGHT, POLICY).checkpoint().size()).isEqualTo(2);
  }

  @Test
  void shouldHaveNoPathInATreeOfOne() {
    SignedNote one = new Checkpoint("log.example/0", 1, LEFT).sign(NoteKeys.TIME, List.of(LOG));
    TlogProof proof = TlogProof.of(new InclusionProof(0, 1, List.of()), one);

    String written = new String(proof.toByteArray(), StandardCharsets.UTF_8);

    assertThat(written).isEqualTo("c2sp.org/tlog-proof@v1\nindex 0\n\n" + one.format());
    assertThat(parse(written).verify(LEFT, POLICY).checkpoint().root()).isEqualTo(LEFT);
  }

  @Test
  void shouldVerifyTheLeafAgainstAnAcceptedCheckpointOnly() {
    assertThat(PROOF.verify(RIGHT, POLICY).logs()).hasSize(1);

    assertThatThrownBy(() -> PROOF.verify(LEFT, POLICY))
        .isInstanceOf(ProofException.WrongRoot.class);
    assertThatThrownBy(
            () ->
                new TlogProof(Optional.empty(), 0, List.of(LEFT), CHECKPOINT).verify(RIGHT, POLICY))
        .isInstanceOf(ProofException.WrongRoot.class);
    assertThatThrownBy(
            () ->
                new TlogProof(Optional.empty(), 2, List.of(LEFT), CHECKPOINT).verify(RIGHT, POLICY))
        .isInstanceOf(ProofException.OutOfRange.class);
    SignedNote unknown =
        Checkpoint.parse(CHECKPOINT.text())
            .sign(NoteKeys.TIME, List.of(NoteKeys.log("log.example/0", 2)));
    assertThatThrownBy(
            () -> new TlogProof(Optional.empty(), 1, List.of(LEFT), unknown).verify(RIGHT, POLICY))
        .isInstanceOf(NoteException.NotSigned.class);
  }

  static Stream<Arguments> notProofs() {
    return Stream.of(
        arguments("", "no empty line"),
        arguments("\n\n", "it does not begin with"),
        arguments("$H\n", "no empty line"),
        arguments("$H\n\n$N", "it has no index line"),
        arguments("index 1\n$P\n\n$N", "it does not begin with"),
        arguments("wrong\nindex 1\n$P\n\n$N", "it does not begin with"),
        arguments("$H \nindex 1\n$P\n\n$N", "it does not begin with"),
        arguments("$H\n$P\n\n$N", "it has no index line"),
        arguments("$H\nindex\n$P\n\n$N", "it has no index line"),
        arguments("$H\nindex \n$P\n\n$N", "its index is not a decimal number"),
        arguments("$H\nindex 01\n$P\n\n$N", "its index is not a decimal number"),
        arguments("$H\nindex -1\n$P\n\n$N", "its index is not a decimal number"),
        arguments("$H\nindex x\n$P\n\n$N", "its index is not a decimal number"),
        arguments("$H\nindex 1 \n$P\n\n$N", "its index is not a decimal number"),
        arguments("$H\nindex 9223372036854775808\n$P\n\n$N", "its index is too large"),
        arguments("$H\nindex 1\nindex 1\n$P\n\n$N", "a line of its path is not base64"),
        arguments("$H\nindex 1\nextra AAAA\n$P\n\n$N", "a line of its path is not base64"),
        arguments("$H\nextra !!\nindex 1\n$P\n\n$N", "what is extra is not base64"),
        arguments(
            "$H\nextra AAA\nindex 1\n$P\n\n$N",
            "what is extra is not base64 in its canonical form"),
        arguments("$H\nextra AAAA\nextra AAAA\nindex 1\n$P\n\n$N", "it has no index line"),
        arguments("$H\nindex 1\n$P\n$N", "a line of its path is not base64"),
        arguments("$H\nindex 1\n$P=\n\n$N", "a line of its path is not base64"),
        arguments("$H\nindex 1\nAAAA\n\n$N", "a line of its path has 3 bytes, not 32"),
        arguments("$H\nindex 1\n$P\n\n", "not a signed note"),
        arguments("$H\nindex 1\n$P\n\n\n$N", "not a checkpoint"),
        arguments("$H\nindex 1\n$P\n\nno checkpoint\n\n\u2014 a AAAAAAA=\n", "not a checkpoint"),
        arguments("$H\r\nindex 1\r\n$P\r\n\r\n$N", "it does not begin with"));
  }

  @ParameterizedTest
  @MethodSource("notProofs")
  void shouldRefuseOtherForms(String text, String why) {
    String file =
        text.replace("$N", CHECKPOINT.format())
            .replace("$P", LEFT.base64())
            .replace("$H", "c2sp.org/tlog-proof@v1");

    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(NoteException.Malformed.class)
        .hasMessageContaining(why);
  }

  @Test
  void shouldHaveAtMostAHashForEveryLevel() {
    List<Hash> longest = Collections.nCopies(63, LEFT);
    List<Hash> longer = Collections.nCopies(64, LEFT);
    TlogProof most = new TlogProof(Optional.empty(), 0, longest, CHECKPOINT);
    String written = new String(most.toByteArray(), StandardCharsets.UTF_8);

    assertThat(parse(written)).isEqualTo(most);
    assertThatThrownBy(() -> parse(written.replace("index 0", "index 0\n" + LEFT.base64())))
        .isInstanceOf(NoteException.TooLarge.class);
    assertThatThrownBy(() -> new TlogProof(Optional.empty(), 0, longer, CHECKPOINT))
        .isInstanceOf(NoteException.TooLarge.class);
    assertThatThrownBy(() -> TlogProof.parse(new byte[TlogProof.MAX_BYTES + 1]))
        .isInstanceOf(NoteException.TooLarge.class);
  }

  @Property(tries = 2000)
  void shouldRefuseOrKeepADamagedFile(@ForAll long seed) {
    byte[] valid =
        new TlogProof(Optional.of(Bytes.ofHex("010203")), 1, List.of(LEFT, RIGHT), CHECKPOINT)
            .toByteArray();

    Fuzz.refusedOrSame(
        Fuzz.damaged(valid, new Random(seed)), bytes -> TlogProof.parse(bytes).toByteArray());
  }

  /** Whatever is done to the file, it proves the one leaf or nothing. */
  @Property(tries = 1000)
  void shouldProveNothingElseWhenDamaged(@ForAll long seed) {
    byte[] damaged = Fuzz.damaged(PROOF.toByteArray(), new Random(seed));

    assertThatThrownBy(() -> TlogProof.parse(damaged).verify(LEFT, POLICY))
        .isInstanceOfAny(NoteException.class, ProofException.class);
  }

  @Property(tries = 300)
  void shouldRefuseAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    assertThatThrownBy(() -> TlogProof.parse(anything)).isInstanceOf(NoteException.class);
  }
}
