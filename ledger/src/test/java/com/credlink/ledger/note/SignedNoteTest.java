package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {

  /** The example of c2sp.org/signed-note. */
  private static final VerifierKey EXAMPLE_KEY =
      VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");

  private static final String EXAMPLE =
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  /**
   * The example of Go's package golang.org/x/mod/sumdb/note, with its published key for signing.
   */
  private static final String NEUMANN =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
      """;

  private static final String NEUMANN_SEED = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- published vectors

  @Test
  void shouldVerifyTheExampleOfTheSpecification() {
    SignedNote note = SignedNote.parse(utf8(EXAMPLE));

    assertThat(note.text()).isEqualTo("This is an example message.\n");
    assertThat(note.verify(List.of(EXAMPLE_KEY)))
        .containsExactly(new SignedNote.Verified(EXAMPLE_KEY, OptionalLong.empty()));
    assertThat(note.format()).isEqualTo(EXAMPLE);
  }

  @Test
  void shouldSignExactlyAsTheGoPackage() {
    String seed = HexFormat.of().formatHex(Base64.getDecoder().decode(NEUMANN_SEED));
    NoteSigner signer = LocalNoteSigner.ed25519("PeterNeumann", TestKeys.ed25519(seed));
    String text = NEUMANN.substring(0, NEUMANN.indexOf("\n\n") + 1);

    SignedNote note = SignedNote.sign(text, NoteKeys.TIME, List.of(signer));

    assertThat(signer.key().format())
        .isEqualTo("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    assertThat(note.format()).isEqualTo(NEUMANN);
    assertThat(SignedNote.parse(utf8(NEUMANN))).isEqualTo(note);
  }

  // ---- the form

  static Stream<String> notNotes() {
    String line = EXAMPLE.substring(EXAMPLE.indexOf('\u2014'));
    String base64 = line.substring(line.lastIndexOf(' ') + 1).strip();
    String dash = "\u2014 ";
    return Stream.of(
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text" + "\n" + line,
        "text\n\n" + line.strip(),
        "text\n\n" + line + "\n",
        "text\n\n" + line + "more\n",
        "text\n\n" + line.substring(1),
        "text\n\n-- example.com/foo " + base64 + "\n",
        "text\n\n\u2014example.com/foo " + base64 + "\n",
        "text\n\n\u2014\u00a0example.com/foo " + base64 + "\n",
        "text\n\n" + dash + base64 + "\n",
        "text\n\n" + dash + " " + base64 + "\n",
        "text\n\n" + dash + "a+b " + base64 + "\n",
        "text\n\n" + dash + "a\u00a0b " + base64 + "\n",
        "text\n\n" + dash + "a\u0085b " + base64 + "\n",
        "text\n\n" + dash + "a\u2028b " + base64 + "\n",
        "text\n\n" + dash + "a\u3000b " + base64 + "\n",
        "text\n\n" + dash + "a  " + base64 + "\n",
        "text\n\n" + dash + "a " + base64 + " \n",
        "text\n\n" + dash + "a \n",
        "text\n\n" + dash + "a AAA=\n",
        "text\n\n" + dash + "a AAAAAA==\n",
        "text\n\n" + dash + "a AAAAAAA\n",
        "text\n\n" + dash + "a AAAAAAB=\n",
        "text\n\n" + dash + "a AAAA_AA=\n",
        "text\n\n" + dash + "a AAAA AAA=\n",
        "te\txt\n\n" + line,
        "te\0xt\n\n" + line,
        "te\rxt\n\n" + line,
        "text\r\n\r\n" + line,
        "text\n\n" + line.replace("\n", "\r\n"));
  }

  @ParameterizedTest
  @MethodSource("notNotes")
  void shouldRefuseOtherForms(String note) {
    assertThatThrownBy(() -> SignedNote.parse(utf8(note)))
        .isInstanceOf(NoteException.Malformed.class);
  }

  @Test
  void shouldRefuseWhatIsNotUtf8() {
    byte[] note = utf8(EXAMPLE);
    note[3] = (byte) 0xC3;

    assertThatThrownBy(() -> SignedNote.parse(note))
        .isInstanceOf(NoteException.Malformed.class)
        .hasMessage("not a signed note: it is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "one\n\ntwo\n", "ends in an empty line\n\n", "\n\n\n", "— a b\n"})
  void shouldDivideAtTheLastEmptyLine(String text) {
    NoteSigner signer = NoteKeys.log("log.example", 1);

    SignedNote note = SignedNote.sign(text, NoteKeys.TIME, List.of(signer));

    assertThat(SignedNote.parse(note.toByteArray())).isEqualTo(note);
    assertThat(SignedNote.parse(note.toByteArray()).verify(List.of(signer.key()))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no newline", "tab\t\n", "\ud800\n", "bell\u0007\n"})
  void shouldNotSignWhatIsNoText(String text) {
    assertThatThrownBy(() -> SignedNote.sign(text, NoteKeys.TIME, List.of(NoteKeys.log("a", 1))))
        .isInstanceOf(NoteException.Malformed.class);
  }

  @Test
  void shouldNotMakeANoteWithoutSignatures() {
    assertThatThrownBy(() -> SignedNote.sign("text\n", NoteKeys.TIME, List.of()))
        .isInstanceOf(NoteException.Malformed.class);
  }

  // ---- limits

  @Test
  void shouldReadAHundredSignaturesAndNoMore() {
    String line = EXAMPLE.substring(EXAMPLE.indexOf('\u2014'));
    String text = EXAMPLE.substring(0, EXAMPLE.indexOf('\u2014'));

    SignedNote most = SignedNote.parse(utf8(text + line.repeat(100)));

    assertThat(most.signatures()).hasSize(100);
    assertThat(most.verify(List.of(EXAMPLE_KEY))).hasSize(100);
    assertThatThrownBy(() -> SignedNote.parse(utf8(text + line.repeat(101))))
        .isInstanceOf(NoteException.TooLarge.class);
    assertThatThrownBy(
            () -> new SignedNote("text\n", Collections.nCopies(101, most.signatures().getFirst())))
        .isInstanceOf(NoteException.TooLarge.class);
  }

  @Test
  void shouldReadAMebibyteAndNoMore() {
    int room = SignedNote.MAX_BYTES - utf8(EXAMPLE).length;

    assertThat(SignedNote.parse(utf8("x".repeat(room) + EXAMPLE)).signatures()).hasSize(1);
    assertThatThrownBy(() -> SignedNote.parse(utf8("x".repeat(room + 1) + EXAMPLE)))
        .isInstanceOf(NoteException.TooLarge.class);
  }

  // ---- whose signatures

  @Test
  void shouldIgnoreUnknownKeysAlsoWithAKnownNameOrAKnownId() {
    NoteSigner known = NoteKeys.log("log.example", 1);
    NoteSignature sameName = new NoteSignature("log.example", 7, Bytes.ofHex("00"));
    NoteSignature sameId = new NoteSignature("other.example", known.key().id(), Bytes.ofHex("00"));
    SignedNote note =
        SignedNote.sign("text\n", NoteKeys.TIME, List.of(NoteKeys.log("log.example", 2), known))
            .with(List.of(sameName, sameId));

    assertThat(note.signatures()).hasSize(4);
    assertThat(note.verify(List.of(known.key(), NoteKeys.log("third.example", 3).key())))
        .extracting(SignedNote.Verified::key)
        .containsExactly(known.key());
  }

  @Test
  void shouldRefuseANoteThatNoKnownKeyHasSigned() {
    SignedNote note =
        SignedNote.sign("text\n", NoteKeys.TIME, List.of(NoteKeys.log("log.example", 1)));

    assertThatThrownBy(() -> note.verify(List.of())).isInstanceOf(NoteException.NotSigned.class);
    assertThatThrownBy(() -> note.verify(List.of(NoteKeys.log("log.example", 2).key())))
        .isInstanceOf(NoteException.NotSigned.class)
        .hasMessage("not signed by a known key");
  }

  @Test
  void shouldRefuseTheWholeNoteForOneBadSignatureOfAKnownKey() {
    NoteSigner good = NoteKeys.log("good.example", 1);
    NoteSigner bad = NoteKeys.log("bad.example", 2);
    NoteSignature elsewhere = bad.signature("another text\n", NoteKeys.TIME);
    SignedNote note =
        SignedNote.sign("text\n", NoteKeys.TIME, List.of(good)).with(List.of(elsewhere));

    assertThat(note.verify(List.of(good.key()))).hasSize(1);
    assertThatThrownBy(() -> note.verify(List.of(good.key(), bad.key())))
        .isInstanceOf(NoteException.BadSignature.class)
        .hasMessageContaining("'bad.example'");
  }

  @Test
  void shouldNotRepeatASignatureThatItHas() {
    NoteSigner one = NoteKeys.log("one.example", 1);
    NoteSigner two = NoteKeys.log("two.example", 2);
    SignedNote note = SignedNote.sign("text\n", NoteKeys.TIME, List.of(one));

    SignedNote more =
        note.with(note.signatures()).with(List.of(two.signature("text\n", NoteKeys.TIME)));

    assertThat(more).isEqualTo(SignedNote.sign("text\n", NoteKeys.TIME, List.of(one, two)));
  }

  // ---- damage

  @Property(tries = 1000)
  void shouldNotBelieveAFlippedBit(@ForAll @IntRange(max = 1_000_000) int any) {
    byte[] note = utf8(EXAMPLE);
    int bit = any % (note.length * 8);
    note[bit / 8] ^= (byte) (1 << (bit % 8));

    assertThatThrownBy(() -> SignedNote.parse(note).verify(List.of(EXAMPLE_KEY)))
        .isInstanceOf(NoteException.class);
  }

  @Property(tries = 2000)
  void shouldRefuseOrKeepADamagedNote(@ForAll long seed) {
    byte[] valid =
        SignedNote.parse(utf8(EXAMPLE))
            .with(SignedNote.parse(utf8(NEUMANN)).signatures())
            .toByteArray();
    byte[] damaged = Fuzz.damaged(valid, new Random(seed));

    Fuzz.refusedOrSame(damaged, bytes -> SignedNote.parse(bytes).toByteArray());
  }

  @Property(tries = 500)
  void shouldRefuseAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    Fuzz.refusedOrSame(anything, bytes -> SignedNote.parse(bytes).toByteArray());
  }
}
