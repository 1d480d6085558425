package com.credlink.ledger.api.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.credlink.ledger.api.intake.WebhookSecrets.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The signatures are constants that other software made: Shopify's own libraries, and {@code printf
 * '%s' BODY | openssl dgst -sha256 -hmac SECRET -binary | base64}.
 */
class WebhookSecretsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String BODY = "{\"id\":788032119674292922}";

  /** Over {@link #BODY} under {@code hush}. */
  private static final String SIGNATURE = "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=";

  /** Over {@link #BODY} under {@code hush2}. */
  private static final String SECOND_SIGNATURE = "8WwGo3p/JTLJt6zDcd6fNYn3koIOs0rf73trbt6fEq8=";

  private static final WebhookSecrets HUSH = always("hush");

  // ---- vectors

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Shopify/shopify_app
        "secret|foo=anything|yCGX/RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI=",
        "old_secret|foo=anything|XqRcjrSv57VACn6apEO9znyu/wkN1VC7QxdSPwK3Hzs=",
        // Shopify/shopify-api-php
        "7008c5f4da4718b9b45d26d3fcbbb157|{\"foo\":\"bar\"}"
            + "|+R9TwYM4mbLTk3hEAOBkpA7zW2lc9vNFmVKs2u2jtyY=",
        // Shopify/shopify-app-js: one blank more in the body
        "test_secret_key|{\"foo\": \"bar\"}|B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=",
        // openssl: a body of no bytes, and letters beyond ASCII on both sides
        "hush|''|Knm8rWjeSXNIt2H0AOMT7DQ8/YSy8sQi/pEjbuUmGMs=",
        "h\u00fcsch|{\"title\":\"K\u00e4se \u2013 \ud83e\uddc0\"}"
            + "|HhK1eltXvpAwKuTTzA4Y9QOj3Rh2PvKnCCkLMb0Vqnk=",
      })
  void shouldMatchWhatOtherSoftwareSigned(String secret, String body, String signature) {
    assertThat(always(secret).matching(body.getBytes(UTF_8), signature, NOW)).contains(secret);
  }

  @Test
  void shouldMatchBytesThatAreNoText() {
    byte[] zeros = new byte[100];
    byte[] noUtf8 = {(byte) 0xff, (byte) 0xfe, 0};

    assertThat(HUSH.matching(zeros, "yaM9byONKvuP5vAale5pTbxGwuigqSQkkaREiUsyDRc=", NOW))
        .contains("hush");
    assertThat(HUSH.matching(noUtf8, "FjH8cC5WwJK7dZkMTzozmM1h7VOaur4RzDzqqSM5NgY=", NOW))
        .contains("hush");
  }

  @Test
  void shouldMatchUnderASecretLongerThanABlockOfTheHash() {
    String secret = "k".repeat(100);

    assertThat(
            always(secret)
                .matching(
                    "abc".getBytes(UTF_8), "tYsraU/boN122j6+mRdPco0ydWDzbs4iTpCGeXJHmSI=", NOW))
        .contains(secret);
  }

  @Test
  void shouldTakeTheSecretAsItIsWrittenWithItsBlanks() {
    String underBlankHush = "3LboxXVOv1sKwpvZ1VYXvm7SEcLWi3fD/C5ErGNgmfk=";

    assertThat(always(" hush").matching(body(), underBlankHush, NOW)).contains(" hush");
    assertThat(HUSH.matching(body(), underBlankHush, NOW)).isEmpty();
  }

  // ---- forged

  @Property(tries = 200)
  void shouldRefuseAnyOtherBody(@ForAll @Size(max = 64) byte[] other) {
    Optional<String> match = HUSH.matching(other, SIGNATURE, NOW);

    assertThat(match.isPresent()).isEqualTo(Arrays.equals(other, body()));
  }

  @Test
  void shouldRefuseABodyWithAnyOneBitChanged() {
    for (int bit = 0; bit < BODY.length() * 8; bit++) {
      byte[] changed = body();
      changed[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(HUSH.matching(changed, SIGNATURE, NOW)).as("bit %d", bit).isEmpty();
    }
  }

  @Property(tries = 256)
  void shouldRefuseASignatureWithAnyOneBitChanged(@ForAll @IntRange(max = 255) int bit) {
    byte[] forged = Base64.getDecoder().decode(SIGNATURE);
    forged[bit / 8] ^= (byte) (1 << bit % 8);

    assertThat(HUSH.matching(body(), Base64.getEncoder().encodeToString(forged), NOW)).isEmpty();
  }

  @Test
  void shouldRefuseTheSameBodyWithALineBreakAtItsEnd() {
    byte[] withBreak = (BODY + "\n").getBytes(UTF_8);

    assertThat(HUSH.matching(withBreak, SIGNATURE, NOW)).isEmpty();
    assertThat(HUSH.matching(withBreak, "iY8P2j50u+bZSlVqDYQA4NFkyOfgKsi7FJe4AEgZSVU=", NOW))
        .contains("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // nothing, blanks, the words of other libraries' tests
        "",
        " ",
        "\t",
        "=",
        "====",
        "invalid_hmac",
        "whoops_this_is_wrong",
        "null",
        // the right bytes in another spelling
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5R=",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q==",
        " fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q= ",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=\n",
        "fhhqwxYconmiOqTJ0cD1Xz\nOlT7ONdp6Ryc18pkvlq5Q=",
        "\"fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=\"",
        "sha256=fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=",
        "FHHQWXYCONMIOQTJ0CD1XZOLT7ONDP6RYC18PKVLQ5Q=",
        "7e186ac3161ca279a23aa4c9d1c0f55f33a54fb38d769e91c9cd7ca64be5ab94",
        // two of them, as a proxy joins repeated headers
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=,"
            + "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=",
        // a part of the right bytes, and more than them
        "fhhqwxYconmiOqTJ0cD1Xw==",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlqw==",
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5QA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        // letters that no header should have
        "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q\0",
        "\ud835\udd43fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=",
      })
  void shouldRefuseWhatIsNotTheOneSpellingOfTheSignature(String header) {
    assertThat(HUSH.matching(body(), header, NOW)).isEmpty();
  }

  @Test
  void shouldRefuseUrlSafeLettersForThoseOfPlainBase64() {
    WebhookSecrets secrets = always("secret");
    byte[] body = "foo=anything".getBytes(UTF_8);

    assertThat(secrets.matching(body, "yCGX_RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI=", NOW))
        .isEmpty();
  }

  @Property(tries = 500)
  void shouldAnswerAnyHeaderWithoutFailing(@ForAll String header) {
    assertThat(HUSH.matching(body(), header, NOW)).isEmpty();
  }

  // ---- rotation

  @Test
  void shouldTryEverySecretAndNameTheOneThatMatched() {
    WebhookSecrets secrets =
        new WebhookSecrets(List.of(secret("other"), secret("hush2"), secret("hush")));

    assertThat(secrets.matching(body(), SIGNATURE, NOW)).contains("hush");
    assertThat(secrets.matching(body(), SECOND_SIGNATURE, NOW)).contains("hush2");
  }

  @Test
  void shouldTakeASecretFromItsFirstInstantUntilBeforeItsLast() {
    Instant from = NOW;
    Instant until = NOW.plus(Duration.ofHours(1));
    WebhookSecrets secrets =
        new WebhookSecrets(
            List.of(Secret.of("a", "hush", Optional.of(from), Optional.of(until)), secret("b")));

    assertThat(secrets.matching(body(), SIGNATURE, from.minusNanos(1))).isEmpty();
    assertThat(secrets.matching(body(), SIGNATURE, from)).contains("a");
    assertThat(secrets.matching(body(), SIGNATURE, until.minusNanos(1))).contains("a");
    assertThat(secrets.matching(body(), SIGNATURE, until)).isEmpty();
  }

  @Test
  void shouldTakeOverlappingSecretsWhileARotationLasts() {
    Instant revoked = NOW.plus(Duration.ofHours(1));
    WebhookSecrets secrets =
        new WebhookSecrets(
            List.of(
                Secret.of("old", "hush", Optional.empty(), Optional.of(revoked)),
                Secret.of("new", "hush2", Optional.of(NOW), Optional.empty())));

    assertThat(secrets.matching(body(), SIGNATURE, NOW)).contains("old");
    assertThat(secrets.matching(body(), SECOND_SIGNATURE, NOW)).contains("new");
    assertThat(secrets.matching(body(), SECOND_SIGNATURE, NOW.minusSeconds(1))).isEmpty();
    assertThat(secrets.matching(body(), SIGNATURE, revoked)).isEmpty();
    assertThat(secrets.matching(body(), SECOND_SIGNATURE, revoked)).contains("new");
  }

  @Test
  void shouldTakeTheSameSecretByItsNextEntryWhenTheFirstIsOver() {
    WebhookSecrets secrets =
        new WebhookSecrets(
            List.of(
                Secret.of("first", "hush", Optional.empty(), Optional.of(NOW)),
                Secret.of("next", "hush", Optional.of(NOW), Optional.empty())));

    assertThat(secrets.matching(body(), SIGNATURE, NOW)).contains("next");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void shouldNotBeMadeOfAnEmptySecret(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.of("main", text, Optional.empty(), Optional.empty()))
        .withMessageContaining("'main' is empty");
  }

  @Test
  void shouldNotBeMadeWithoutSecrets() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookSecrets(List.of()))
        .withMessageContaining("shopify.client_secrets");
  }

  private static byte[] body() {
    return BODY.getBytes(UTF_8);
  }

  private static WebhookSecrets always(String text) {
    return new WebhookSecrets(List.of(secret(text)));
  }

  /** Always valid, and named as it is spelled. */
  private static Secret secret(String text) {
    return Secret.of(text, text, Optional.empty(), Optional.empty());
  }
}
