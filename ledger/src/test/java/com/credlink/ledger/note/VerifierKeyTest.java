package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierKeyTest {

  private static final String EXAMPLE =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  @ParameterizedTest
  @ValueSource(
      strings = {
        EXAMPLE,
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
      })
  void shouldReadPublishedKeys(String published) {
    VerifierKey key = VerifierKey.parse(published);

    assertThat(key.type()).isEqualTo(SignatureType.ED25519);
    assertThat(key.format()).isEqualTo(published);
    assertThat(HexFormat.of().toHexDigits(key.id())).isEqualTo(published.split("\\+", 3)[1]);
  }

  static Stream<NoteSigner> signers() {
    return Stream.of(
        NoteKeys.log("log.example/0", 1),
        NoteKeys.cosigner("log.example/0", 1),
        NoteKeys.mlDsa("log.example/0"));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void shouldDeriveTheIdFromNameTypeAndKey(NoteSigner signer) throws Exception {
    VerifierKey key = signer.key();
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update("log.example/0\n".getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) key.type().code());
    byte[] digest = sha256.digest(key.publicKey().toArray());

    assertThat(HexFormat.of().toHexDigits(key.id()))
        .isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(digest, 4)));
    assertThat(VerifierKey.parse(key.format())).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(key.publicKey().length()).isEqualTo(key.type().publicKeyLength());
  }

  @Test
  void shouldTellKeysOfOneNameAndOneNumberApartByType() {
    VerifierKey log = NoteKeys.log("a", 1).key();
    VerifierKey cosigner = NoteKeys.cosigner("a", 1).key();

    assertThat(log.publicKey()).isEqualTo(cosigner.publicKey());
    assertThat(log).isNotEqualTo(cosigner);
    assertThat(log.id()).isNotEqualTo(cosigner.id());
    assertThat(log)
        .isNotEqualTo(NoteKeys.log("b", 1).key())
        .isNotEqualTo(NoteKeys.log("a", 2).key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "++",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exa mple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exa\u2003mple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exa\nmple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
        "example.com/foo+530d903a+AQ==",
        "example.com/foo+530d903a+Bg=="
      })
  void shouldRefuseOtherForms(String text) {
    assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(NoteException.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ag==", "Aw==", "BQAA", "+gAA", "/2xvbmc=", "AA=="})
  void shouldNameATypeThatItDoesNotCheck(String key) {
    assertThatThrownBy(() -> VerifierKey.parse("example.com/foo+530d903a+" + key))
        .isInstanceOfSatisfying(
            NoteException.UnsupportedType.class,
            e -> assertThat(SignatureType.of(e.type())).isEmpty())
        .hasMessageContaining("'example.com/foo'");
  }

  @Test
  void shouldRefuseBytesThatAreNoPoint() {
    Bytes two = Bytes.ofHex("02" + "00".repeat(31));

    assertThatThrownBy(() -> new VerifierKey("a", SignatureType.ED25519, two))
        .isInstanceOf(NoteException.Malformed.class)
        .hasMessage("not a verifier key: it is not a point of edwards25519");
    assertThatThrownBy(() -> new VerifierKey("a", SignatureType.ED25519, Bytes.EMPTY))
        .isInstanceOf(NoteException.Malformed.class);
    assertThatThrownBy(() -> new VerifierKey("a b", SignatureType.ED25519, two))
        .isInstanceOf(NoteException.Malformed.class);
  }

  @Property(tries = 2000)
  void shouldRefuseOrKeepADamagedKey(@ForAll long seed) {
    byte[] damaged = Fuzz.damaged(EXAMPLE.getBytes(StandardCharsets.UTF_8), new Random(seed));

    Fuzz.refusedOrSame(damaged, VerifierKeyTest::readAndWrite);
  }

  @Property(tries = 500)
  void shouldRefuseAnyText(@ForAll @Size(max = 100) byte[] anything) {
    Fuzz.refusedOrSame(anything, VerifierKeyTest::readAndWrite);
  }

  private static byte[] readAndWrite(byte[] bytes) {
    return VerifierKey.parse(Text.utf8("key", bytes)).format().getBytes(StandardCharsets.UTF_8);
  }
}
