package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.merkle.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.junit.jupiter.api.Test;

/** The three types of signatures, against what the specifications print and other libraries. */
class CosignatureTest {

  private static final String ORIGIN = "example.com/behind-the-sofa";
  private static final String WITNESS = "witness.example.com/w1";
  private static final Checkpoint CHECKPOINT =
      Checkpoint.parse(ORIGIN + "\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");

  /** The message that c2sp.org/tlog-cosignature prints. */
  private static final String SIGNED_BY_0X04 =
      """
      cosignature/v1
      time 1679315147
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
      """;

  /** The structure of c2sp.org/tlog-cosignature, written down field by field. */
  private static final String SIGNED_BY_0X06 =
      "737562747265652f76310a00" // "subtree/v1\n\0"
          + "16" // 22 bytes:
          + "7769746e6573732e6578616d706c652e636f6d2f7731" // the cosigner's name
          + "00000000641850cb" // 1679315147
          + "1b" // 27 bytes:
          + "6578616d706c652e636f6d2f626568696e642d7468652d736f6661" // the origin
          + "0000000000000000" // start
          + "00000000013e2dc3" // 20852163
          + "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62";

  // ---- 0x04

  @Test
  void shouldCosignWithEd25519WhatTheSpecificationPrints() throws Exception {
    NoteSigner signer = NoteKeys.cosigner(WITNESS, 4);

    NoteSignature signature = signer.signature(CHECKPOINT.text(), NoteKeys.TIME);

    ByteBuffer in = signature.signature().asBuffer();
    assertThat(in.remaining()).isEqualTo(72);
    assertThat(in.getLong()).isEqualTo(1_679_315_147);
    byte[] raw = new byte[64];
    in.get(raw);
    assertThat(jdkVerifies(signer.key(), SIGNED_BY_0X04.getBytes(StandardCharsets.UTF_8), raw))
        .isTrue();
    assertThat(verified(signer.key(), CHECKPOINT.text(), signature)).hasValue(1_679_315_147);
  }

  /** With Ed25519 of the JDK, which the product does not use. */
  private static boolean jdkVerifies(VerifierKey key, byte[] message, byte[] raw) throws Exception {
    String spki = "302a300506032b6570032100" + key.publicKey().hex();
    Signature jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(spki))));
    jdk.update(message);
    return jdk.verify(raw);
  }

  private static OptionalLong verified(VerifierKey key, String text, NoteSignature signature) {
    return new SignedNote(text, List.of(signature)).verify(List.of(key)).getFirst().time();
  }

  // ---- 0x06

  @Test
  void shouldCosignWithMlDsaTheStructureOfTheSpecification() {
    NoteSigner signer = NoteKeys.mlDsa(WITNESS);

    NoteSignature signature = signer.signature(CHECKPOINT.text(), NoteKeys.TIME);

    byte[] bytes = signature.signature().toArray();
    assertThat(bytes).hasSize(8 + 2420);
    assertThat(ByteBuffer.wrap(bytes).getLong()).isEqualTo(1_679_315_147);
    byte[] raw = Arrays.copyOfRange(bytes, 8, bytes.length);
    assertThat(otherLibraryVerifies(signer.key(), SIGNED_BY_0X06, raw)).isTrue();
    assertThat(otherLibraryVerifies(signer.key(), SIGNED_BY_0X06.replace("1b", "1c"), raw))
        .isFalse();
    assertThat(verified(signer.key(), CHECKPOINT.text(), signature)).hasValue(1_679_315_147);
  }

  /** With ML-DSA-44 of Bouncy Castle, which the product does not use. */
  private static boolean otherLibraryVerifies(VerifierKey key, String hex, byte[] raw) {
    MLDSASigner other = new MLDSASigner();
    other.init(
        false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, key.publicKey().toArray()));
    byte[] message = HexFormat.of().parseHex(hex);
    other.update(message, 0, message.length);
    return other.verifySignature(raw);
  }

  @Test
  void shouldNotCosignWithMlDsaWhatDoesNotFit() {
    NoteSigner signer = NoteKeys.mlDsa("w".repeat(255));
    NoteSigner tooLong = NoteKeys.mlDsa("w".repeat(256));
    Checkpoint fits = new Checkpoint("o".repeat(255), 1, Hash.EMPTY_ROOT);
    Checkpoint tooLongToo = new Checkpoint("o".repeat(256), 1, Hash.EMPTY_ROOT);

    NoteSignature signature = signer.signature(fits.text(), NoteKeys.TIME);

    assertThat(verified(signer.key(), fits.text(), signature)).hasValue(1_679_315_147);
    assertThatThrownBy(() -> signer.signature(tooLongToo.text(), NoteKeys.TIME))
        .isInstanceOf(NoteException.TooLarge.class);
    assertThatThrownBy(() -> tooLong.signature(fits.text(), NoteKeys.TIME))
        .isInstanceOf(NoteException.TooLarge.class);
    assertThatThrownBy(() -> signer.signature("no checkpoint\n", NoteKeys.TIME))
        .isInstanceOf(NoteException.Malformed.class);
    assertThatThrownBy(() -> verified(signer.key(), "no checkpoint\n", signature))
        .isInstanceOf(NoteException.BadSignature.class);
    assertThatThrownBy(() -> verified(signer.key(), tooLongToo.text(), signature))
        .isInstanceOf(NoteException.BadSignature.class);
  }

  @Test
  void shouldTakeMlDsa44KeysOnly() throws Exception {
    for (String other : List.of("ML-DSA-65", "Ed25519")) {
      var keys = KeyPairGenerator.getInstance(other).generateKeyPair();
      assertThatThrownBy(() -> LocalNoteSigner.mlDsa44("a", keys, new SecureRandom()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  // ---- the log's own two lines

  @Test
  void shouldSignACheckpointWithBothAlgorithms() {
    NoteSigner first = NoteKeys.log(ORIGIN, 1);
    NoteSigner second = NoteKeys.mlDsa(ORIGIN);

    SignedNote note = CHECKPOINT.sign(NoteKeys.TIME, List.of(first, second));

    assertThat(note.text()).isEqualTo(CHECKPOINT.text());
    assertThat(SignedNote.parse(note.toByteArray())).isEqualTo(note);
    assertThat(note.verify(List.of(second.key(), first.key())))
        .containsExactly(
            new SignedNote.Verified(first.key(), OptionalLong.empty()),
            new SignedNote.Verified(second.key(), OptionalLong.of(1_679_315_147)));
    assertThat(note.signatures().get(1).line())
        .hasSize(("\u2014 " + ORIGIN + " ").length() + (4 + 8 + 2420 + 2) / 3 * 4);
  }

  /** Ed25519 covers the whole text, the structure of ML-DSA-44 ends with the root. */
  @Test
  void shouldCoverFurtherLinesAsTheirTypesDo() {
    Checkpoint extended =
        new Checkpoint(ORIGIN, CHECKPOINT.size(), CHECKPOINT.root(), List.of("further"));

    for (NoteSigner signer :
        List.of(NoteKeys.log("a", 1), NoteKeys.cosigner("a", 2), NoteKeys.mlDsa("a"))) {
      NoteSignature signature = signer.signature(CHECKPOINT.text(), NoteKeys.TIME);
      boolean covers = signer.key().type() != SignatureType.ML_DSA_44_COSIGNATURE;
      assertThat(signer.key().verifies(CHECKPOINT.text(), signature)).isTrue();
      assertThat(signer.key().verifies(extended.text(), signature)).isEqualTo(!covers);
    }
  }

  // ---- what must not verify

  @Property(tries = 60)
  void shouldNotBelieveAFlippedBit(
      @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(max = 1_000_000) int any) {
    NoteSigner signer = signer(which, WITNESS, 1);
    NoteSignature signature = signer.signature(CHECKPOINT.text(), NoteKeys.TIME);
    byte[] bytes = signature.signature().toArray();
    int bit = any % (bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));

    NoteSignature flipped = new NoteSignature(WITNESS, signature.keyId(), Bytes.wrap(bytes));

    assertThat(signer.key().verifies(CHECKPOINT.text(), signature)).isTrue();
    assertThat(signer.key().verifies(CHECKPOINT.text(), flipped)).isFalse();
  }

  @Test
  void shouldNotBelieveAnotherTimeHeadLengthOrKey() {
    for (int which = 0; which < 3; which++) {
      NoteSigner signer = signer(which, WITNESS, 1);
      VerifierKey key = signer.key();
      NoteSignature good = signer.signature(CHECKPOINT.text(), NoteKeys.TIME);
      byte[] bytes = good.signature().toArray();
      for (Checkpoint other :
          List.of(
              new Checkpoint(ORIGIN + "x", CHECKPOINT.size(), CHECKPOINT.root()),
              new Checkpoint(ORIGIN, CHECKPOINT.size() + 1, CHECKPOINT.root()),
              new Checkpoint(ORIGIN, CHECKPOINT.size(), Hash.EMPTY_ROOT))) {
        assertThat(key.verifies(other.text(), good)).as("%s of %s", other, key.type()).isFalse();
      }
      for (byte[] other :
          List.of(
              Arrays.copyOf(bytes, bytes.length + 1),
              Arrays.copyOf(bytes, bytes.length - 1),
              Arrays.copyOf(bytes, 64),
              Arrays.copyOf(bytes, 1))) {
        if (other.length != bytes.length) {
          NoteSignature cut = new NoteSignature(WITNESS, key.id(), Bytes.wrap(other));
          assertThat(key.verifies(CHECKPOINT.text(), cut)).isFalse();
        }
      }
      for (VerifierKey other :
          List.of(signer(which, WITNESS, 2).key(), signer(which, WITNESS + "x", 1).key())) {
        NoteSignature asItsOwn = new NoteSignature(other.name(), other.id(), good.signature());
        boolean namesNoCosigner = which != 2 && other.publicKey().equals(key.publicKey());
        assertThat(other.verifies(CHECKPOINT.text(), asItsOwn)).isEqualTo(namesNoCosigner);
        assertThat(other.verifies(CHECKPOINT.text(), good)).isFalse();
      }
    }
  }

  private static NoteSigner signer(int which, String name, int number) {
    return switch (which) {
      case 0 -> NoteKeys.log(name, number);
      case 1 -> NoteKeys.cosigner(name, number);
      default -> NoteKeys.mlDsa(name, number);
    };
  }

  /** The specification forbids times from 2^63 on, and Java would take them for negative. */
  @Test
  void shouldNotSayOrBelieveATimeThatCannotBe() {
    Instant before1970 = Instant.ofEpochSecond(-1);
    NoteSigner signer = NoteKeys.cosigner(WITNESS, 1);
    String text = CHECKPOINT.text();
    byte[] raw = signer.sign(SignatureType.ED25519_COSIGNATURE.message(WITNESS, text, -1));
    byte[] bytes = ByteBuffer.allocate(72).putLong(-1).put(raw).array();
    NoteSignature forged = new NoteSignature(WITNESS, signer.key().id(), Bytes.wrap(bytes));

    assertThat(signer.key().verifies(text, forged)).isFalse();
    assertThatThrownBy(() -> signer.signature(text, before1970))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(verified(signer.key(), text, signer.signature(text, Instant.MAX)))
        .hasValue(Instant.MAX.getEpochSecond());
    assertThat(verified(signer.key(), text, signer.signature(text, Instant.EPOCH))).hasValue(0);
  }

  @Test
  void shouldNotPrintAPrivateKey() {
    assertThat(NoteKeys.log("a", 1)).hasToString("NoteSigner[a, ED25519]");
  }
}
