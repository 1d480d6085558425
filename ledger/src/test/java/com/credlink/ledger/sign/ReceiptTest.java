package com.credlink.ledger.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Fuzz;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptTest {

  private static final Signer SIGNER = TestKeys.signer(Algorithm.ED25519);
  private static final Receipt RECEIPT =
      new Receipt(
          "ledger.example.com",
          "019ab0a1-61aa-7f00-8c3d-1f2e3d4c5b6a",
          Hash.EMPTY_ROOT,
          new Position(2, 1041),
          Instant.parse("2026-11-23T09:00:00.123456Z"),
          Instant.parse("2026-11-23T09:01:00.123456Z"));

  @Test
  void shouldWriteExactlyTheAgreedText() {
    String[] parts = RECEIPT.sign(SIGNER).split("\\.", -1);

    assertThat(text(parts[0]))
        .isEqualTo(
            "{\"alg\":\"EdDSA\",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\","
                + "\"typ\":\"ledger-receipt\"}");
    assertThat(text(parts[1]))
        .isEqualTo(
            "{\"ledger\":\"ledger.example.com\","
                + "\"event_id\":\"019ab0a1-61aa-7f00-8c3d-1f2e3d4c5b6a\","
                + "\"record_sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
                + "\"partition\":2,\"offset\":1041,"
                + "\"time\":\"2026-11-23T09:00:00.123456Z\",\"include_by\":\"2026-11-23T09:01:00.123456Z\"}");
    assertThat(parts[2]).hasSize(86);
    assertThat(RECEIPT.log()).isEqualTo("ledger.example.com/2");
  }

  @Test
  void shouldGiveTheReceiptBackForItsKeyOnly() {
    String compact = RECEIPT.sign(SIGNER);
    Verifier other = TestKeys.ed25519("11".repeat(32));

    assertThat(Receipt.verify(compact, List.of(other, SIGNER))).isEqualTo(RECEIPT);
    assertThatThrownBy(() -> Receipt.verify(compact, List.of(other)))
        .isInstanceOf(ReceiptException.UnknownKey.class);
    assertThatThrownBy(() -> Receipt.verify(compact, List.of()))
        .isInstanceOf(ReceiptException.UnknownKey.class);
  }

  /** With ES256, because that library needs another one for Ed25519; the form is the same. */
  @Test
  void shouldBeVerifiedByAnotherLibrary() throws Exception {
    Signer signer = TestKeys.signer(Algorithm.ES256);
    ECPublicKey key =
        (ECPublicKey)
            KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(TestKeys.publicKey(signer)));

    JWSObject jws = JWSObject.parse(RECEIPT.sign(signer));

    assertThat(jws.verify(new ECDSAVerifier(key))).isTrue();
    assertThat(jws.getPayload().toJSONObject()).containsEntry("partition", 2L);
  }

  @ParameterizedTest
  @CsvSource({
    "'',three parts",
    "a.b,three parts",
    "a.b.c.d,three parts",
    "a.b!.c,not base64url",
    "a.YQ==.c,one written form",
    "a.YR.c,one written form",
    "a.YQ.c,not JSON",
    "a.e30.c,not of its kind",
    "a.W10.c,not of its kind"
  })
  void shouldRefuseOtherTexts(String text, String because) {
    assertThatThrownBy(() -> Receipt.verify(text, List.of(SIGNER)))
        .isInstanceOf(ReceiptException.Malformed.class)
        .hasMessageContaining(because);
  }

  @Test
  void shouldRefuseTheSameInAnotherForm() {
    String[] parts = RECEIPT.sign(SIGNER).split("\\.", -1);
    String said = text(parts[1]);

    for (String other :
        List.of(
            said.replace(":2,", ": 2,"),
            said.replace(":2,", ":\"2\","),
            said.replace("123456Z", "1234560Z"),
            said.replace("e3b0", "E3B0"),
            said.replace("{\"ledger\"", "{\"more\":1,\"ledger\""),
            said.replace("{\"ledger\"", "{\"ledger\":\"x\",\"ledger\""))) {
      assertThat(other).isNotEqualTo(said);
      assertThatThrownBy(
              () ->
                  Receipt.verify(parts[0] + '.' + base64(other) + '.' + parts[2], List.of(SIGNER)))
          .isInstanceOf(ReceiptException.Malformed.class)
          .hasMessageContaining("one written form");
    }
    assertThatThrownBy(() -> Receipt.verify("a".repeat(Receipt.MAX_LENGTH + 1), List.of(SIGNER)))
        .isInstanceOf(ReceiptException.Malformed.class);
  }

  @Test
  void shouldRefuseAnythingElseThatItSays() {
    String[] parts = RECEIPT.sign(SIGNER).split("\\.", -1);
    String other = base64(text(parts[1]).replace("1041", "1042"));

    assertThatThrownBy(
            () -> Receipt.verify(parts[0] + '.' + other + '.' + parts[2], List.of(SIGNER)))
        .isInstanceOf(ReceiptException.BadSignature.class)
        .hasMessageContaining("kPrK_qmx");
  }

  @Property(tries = 1000)
  void shouldRejectAnyOtherCharacter(
      @ForAll @IntRange(max = 1_000_000) int any, @ForAll @IntRange(min = 32, max = 255) int code) {
    String compact = RECEIPT.sign(SIGNER);
    int at = any % compact.length();
    StringBuilder changed = new StringBuilder(compact);
    changed.setCharAt(at, (char) code);
    if (changed.toString().equals(compact)) {
      return;
    }

    assertThatThrownBy(() -> Receipt.verify(changed.toString(), List.of(SIGNER)))
        .isInstanceOf(ReceiptException.class);
  }

  /** Whatever the payload is, with a good signature over it. */
  @Property(tries = 1000)
  void shouldRefuseAnySignedBytesOrReadThemBack(@ForAll @Size(max = 60) byte[] payload) {
    String[] parts = RECEIPT.sign(SIGNER).split("\\.", -1);
    String input = parts[0] + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
    byte[] signature = SIGNER.sign(input.getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(
            () ->
                Receipt.verify(
                    input + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(signature),
                    List.of(SIGNER)))
        .isInstanceOf(ReceiptException.Malformed.class);
  }

  @Property(tries = 1000)
  void shouldRejectADamagedReceipt(@ForAll long seed) {
    String compact = RECEIPT.sign(SIGNER);
    byte[] bytes = Fuzz.damaged(compact.getBytes(StandardCharsets.UTF_8), new Random(seed));
    String damaged = new String(bytes, StandardCharsets.UTF_8);
    if (damaged.equals(compact)) {
      return;
    }

    assertThatThrownBy(() -> Receipt.verify(damaged, List.of(SIGNER)))
        .isInstanceOf(ReceiptException.class);
  }

  @Property(tries = 1000)
  void shouldRefuseAnyText(@ForAll String text) {
    assertThatThrownBy(() -> Receipt.verify(text, List.of(SIGNER)))
        .isInstanceOf(ReceiptException.class);
  }

  private static String text(String base64Url) {
    return new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
