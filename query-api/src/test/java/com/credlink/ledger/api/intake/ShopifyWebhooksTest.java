package com.credlink.ledger.api.intake;

import static com.credlink.ledger.api.intake.Gateway.ACME;
import static com.credlink.ledger.api.intake.Gateway.ACME_ID;
import static com.credlink.ledger.api.intake.Gateway.NOW;
import static com.credlink.ledger.api.intake.Gateway.SNOWDEVIL;
import static com.credlink.ledger.api.intake.Gateway.SNOWDEVIL_ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.intake.Gateway.Answer;
import com.credlink.ledger.api.intake.WebhookSecrets.Secret;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.HeaderFamily;
import com.credlink.ledger.event.Provenance;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.vault.Vault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let through to the log, and as what. */
class ShopifyWebhooksTest {

  private static final String SECRET = "hush";
  private static final String HMAC = "X-Shopify-Hmac-Sha256";
  private static final String TOPIC = "X-Shopify-Topic";
  private static final String SHOP = "X-Shopify-Shop-Domain";
  private static final String WEBHOOK_ID = "X-Shopify-Webhook-Id";
  private static final String TRIGGERED_AT = "X-Shopify-Triggered-At";

  /** A stub under {@link #SECRET}, by openssl. */
  private static final String STUB = "{\"id\":788032119674292922}";

  private static final String STUB_SIGNATURE = "fhhqwxYconmiOqTJ0cD1XzOlT7ONdp6Ryc18pkvlq5Q=";

  /** The same under {@code hush2}. */
  private static final String STUB_SIGNATURE_2 = "8WwGo3p/JTLJt6zDcd6fNYn3koIOs0rf73trbt6fEq8=";

  private static final String ORDER = "{\"id\":1,\"total_price\":\"123.45\"}";

  @TempDir private static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        new Gateway(
            directory,
            Secret.of("current", SECRET, Optional.empty(), Optional.empty()),
            Secret.of("next", "hush2", Optional.of(NOW), Optional.empty()),
            Secret.of("revoked", "old_secret", Optional.empty(), Optional.of(NOW)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    gateway.forget();
  }

  // ---- taken

  @Test
  void shouldMakeTheFactOfADelivery() {
    String product =
        """
        {"id":788032119674292922,"title":"Alpine Board","updated_at":"2026-11-23T08:15:30-05:00",
         "images":[{"id":850703190,"src":"//cdn.shopify.com/a.jpg"}]}
        """;
    Map<String, String> headers = signed("products/update", SNOWDEVIL, product);
    headers.put("X-Shopify-Event-Id", "98880550");
    headers.put("X-Shopify-API-Version", "2026-10");
    headers.put("X-Shopify-Name", "all-products");
    headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    WebhookReceived fact = taken(headers, product);

    assertThat(fact.header().tenant()).isEqualTo(gateway.shop(SNOWDEVIL).tenant());
    assertThat(fact.header().actor())
        .isEqualTo(new Actor(ActorType.SHOPIFY, gateway.shop(SNOWDEVIL).tenant()));
    assertThat(fact.header().occurredAt()).isEqualTo("2026-11-23T09:59:00Z");
    assertThat(fact.header().recordedAt()).isEqualTo(NOW);
    assertThat(fact.header().correlationId()).isEqualTo("98880550");
    assertThat(fact.header().traceparent())
        .contains("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(fact.topic()).isEqualTo("products/update");
    assertThat(fact.webhookId()).isEqualTo("b54557e4");
    assertThat(fact.triggeredAt()).contains("2026-11-23T09:59:00Z");
    assertThat(fact.apiVersion()).contains("2026-10");
    assertThat(fact.subscription()).contains("all-products");
    assertThat(fact.secretId()).isEqualTo("current");
    assertThat(fact.family()).isEqualTo(HeaderFamily.CLASSIC);
    assertThat(fact.provenance()).isEqualTo(Provenance.HEADER_NAMES_SHOP);
    assertThat(fact.extract().images()).hasSize(1);
    assertThat(fact.test()).isFalse();
    assertThat(fact.stub()).isFalse();
    assertThat(fact.equalBodyElsewhere()).isFalse();
    assertThat(gateway.opened(fact)).asString(UTF_8).isEqualTo(product);
    assertThat(gateway.counted()).isEmpty();
  }

  @Test
  void shouldAskTheCallerToComeBackWhenTheLogCannotBeWritten() {
    Answer answer = post(signed("orders/create", SNOWDEVIL, ORDER), ORDER);

    assertProblem(answer, 503, "log_unavailable");
    assertThat(answer.json().path("retryable").asBoolean()).isTrue();
    assertThat(answer.header("retry-after")).contains("5");
    assertThat(answer.header("ledger-position")).isEmpty();
    assertThat(answer.header("ledger-event-id")).isEmpty();
  }

  @Test
  void shouldAskTheCallerToComeBackWhenTheBodyCannotBeSealed() {
    String newShop = "never-sealed-for.myshopify.com";
    gateway.shops.install(newShop, 555);
    gateway.keys.away(true);

    Answer answer = post(signed("orders/create", newShop, ORDER), ORDER);

    assertProblem(answer, 503, "log_unavailable");
    assertThat(answer.header("retry-after")).isPresent();
    assertThat(gateway.taken()).isEmpty();
  }

  @Test
  void shouldAskTheCallerToComeBackWhenALargeBodyCannotBeStored() throws IOException {
    String large = "{\"id\":1,\"note\":\"" + "x".repeat(Vault.MAX_INLINE_BYTES) + "\"}";
    Path assets = directory.resolve("assets");
    Path aside = directory.resolve("aside");
    Files.move(assets, aside);
    Files.writeString(assets, "where the directory of assets should be");

    Answer answer = post(signed("orders/create", SNOWDEVIL, large), large);

    Files.delete(assets);
    Files.move(aside, assets);
    assertProblem(answer, 503, "log_unavailable");
    assertThat(answer.json().path("detail").asText()).contains("assets");
    assertThat(gateway.taken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lower", "upper"})
  void shouldFindTheHeadersInAnyCase(String how) {
    Map<String, String> headers = new LinkedHashMap<>();
    signed("orders/create", SNOWDEVIL, ORDER)
        .forEach(
            (name, value) ->
                headers.put(
                    how.equals("lower")
                        ? name.toLowerCase(Locale.ROOT)
                        : name.toUpperCase(Locale.ROOT),
                    value));

    assertThat(taken(headers, ORDER).webhookId()).isEqualTo("b54557e4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "x", "00"})
  void shouldNotKeepATraceparentThatIsNone(String traceparent) {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.put("traceparent", traceparent);

    assertThat(taken(headers, ORDER).header().traceparent()).isEmpty();
  }

  @Test
  void shouldCorrelateByItsOwnIdWithoutAUsableEventId() {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    WebhookReceived without = taken(headers, ORDER);
    headers.put("X-Shopify-Event-Id", "e".repeat(256));
    WebhookReceived tooLong = taken(headers, ORDER);

    assertThat(without.header().correlationId()).isEqualTo(without.header().eventId());
    assertThat(tooLong.header().correlationId()).isEqualTo(tooLong.header().eventId());
  }

  // ---- signatures

  @Test
  void shouldTakeWhatOpensslSigned() {
    Map<String, String> headers = signed("products/update", SNOWDEVIL, STUB);
    headers.put(HMAC, STUB_SIGNATURE);
    WebhookReceived current = taken(headers, STUB);
    headers.put(HMAC, STUB_SIGNATURE_2);
    WebhookReceived next = taken(headers, STUB);

    assertThat(current.secretId()).isEqualTo("current");
    assertThat(next.secretId()).isEqualTo("next");
    assertThat(current.stub()).isTrue();
  }

  @Test
  void shouldRefuseAChangedBody() {
    Answer answer = post(signed("orders/create", SNOWDEVIL, ORDER), ORDER.replace('1', '2'));

    assertRefusedAndCounted(answer, 401, "bad_hmac");
  }

  @Test
  void shouldRefuseARevokedSecret() {
    Answer answer =
        post(signed("orders/create", SNOWDEVIL, "foo=anything", "old_secret"), "foo=anything");

    assertRefusedAndCounted(answer, 401, "bad_hmac");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none", "''", "' '"})
  void shouldRefuseADeliveryWithoutASignature(String signature) {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.remove(HMAC);
    if (signature != null) {
      headers.put(HMAC, signature);
    }

    assertRefusedAndCounted(post(headers, ORDER), 401, "missing_hmac");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Hub-Signature-256",
        "Webhook-Signature",
        "X-Shopify-Hmac-Sha1",
        "X-Shopify-Hmac",
        "Authorization"
      })
  void shouldNotTakeTheSignatureOfAnotherHeader(String name) {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.put(name, headers.remove(HMAC));

    assertRefusedAndCounted(post(headers, ORDER), 401, "missing_hmac");
  }

  @ParameterizedTest
  @CsvSource({
    "products/update,not even json",
    "customers/redact,not even json",
    "customers/redact,{}",
    "no topic,{}",
  })
  void shouldSayNothingOfABodyThatIsNotSigned(String topic, String body) {
    Map<String, String> headers = signed(topic, "no shop", body, "guessed");

    assertRefusedAndCounted(post(headers, body), 401, "bad_hmac");
  }

  @Test
  void shouldRefuseASignedBodyOfNoBytes() {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, "");
    headers.put(HMAC, "Knm8rWjeSXNIt2H0AOMT7DQ8/YSy8sQi/pEjbuUmGMs=");

    assertProblem(post(headers, ""), 400, "malformed");
    assertThat(gateway.counted()).isEmpty();
  }

  @Test
  void shouldRefuseABodyThatIsTooLargeWithoutAContentLength() {
    byte[] large = new byte[ShopifyWebhooks.MAX_BODY_BYTES + 1];

    Answer answer =
        gateway.post(
            signed("orders/create", SNOWDEVIL, ORDER),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

    assertRefusedAndCounted(answer, 413, "too_large");
  }

  @ParameterizedTest
  @CsvSource({
    "good,none,503,CLASSIC",
    "none,good,503,EVENTS",
    "good,good,503,BOTH",
    "good,blank,503,CLASSIC",
    "good,bad,400,malformed",
    "bad,good,400,malformed",
    "bad,bad,401,bad_hmac",
    "none,bad,401,bad_hmac",
    "bad,none,401,bad_hmac",
    "blank,blank,401,missing_hmac",
  })
  void shouldTakeBothFamiliesOnlyWhenBothVerify(
      String classic, String events, int status, String outcome) {
    Map<String, String> headers = new LinkedHashMap<>();
    putFamily(headers, "X-Shopify-", classic);
    putFamily(headers, "Shopify-", events);

    Answer answer = post(headers, ORDER);

    assertThat(answer.status()).isEqualTo(status);
    if (status == 503) {
      assertThat(gateway.taken().getLast().family()).isEqualTo(HeaderFamily.valueOf(outcome));
    } else {
      assertProblem(answer, status, outcome);
      assertThat(gateway.taken()).isEmpty();
    }
  }

  private static void putFamily(Map<String, String> headers, String prefix, String signature) {
    Map<String, String> signed = signed("orders/create", SNOWDEVIL, ORDER);
    signed.forEach((name, value) -> headers.put(name.replace("X-Shopify-", prefix), value));
    String hmac = prefix + "Hmac-Sha256";
    switch (signature) {
      case "good" -> {}
      case "bad" -> headers.put(hmac, STUB_SIGNATURE);
      case "blank" -> headers.put(hmac, " ");
      default -> headers.remove(hmac);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Topic,orders/updated",
    "Shop-Domain,acme-prints.myshopify.com",
    "Webhook-Id,another",
  })
  void shouldRefuseFamiliesThatDisagree(String name, String other) {
    Map<String, String> headers = new LinkedHashMap<>();
    putFamily(headers, "X-Shopify-", "good");
    putFamily(headers, "Shopify-", "good");
    headers.put("Shopify-" + name, other);

    assertProblem(post(headers, ORDER), 400, "malformed");
    assertThat(gateway.taken()).isEmpty();
  }

  // ---- the shop

  @ParameterizedTest
  @CsvSource({
    "orders/create,shop_domain",
    "orders/create,myshopify_domain",
    "products/update,myshopify_domain",
    "shop/update,myshopify_domain",
    "app/uninstalled,myshopify_domain",
    "customers/redact,shop_domain",
    "customers/data_request,shop_domain",
    "shop/redact,shop_domain",
    "customers/redact,myshopify_domain",
  })
  void shouldRefuseABodyThatNamesAnotherShop(String topic, String field) {
    String id = topic.startsWith("products") || topic.startsWith("orders") ? "1" : "954889";
    String body = "{\"id\":%s,\"%s\":\"%s\",\"x\":1}".formatted(id, field, ACME);

    assertProblem(post(signed(topic, SNOWDEVIL, body), body), 409, "shop_mismatch");
    assertThat(gateway.taken()).isEmpty();
    assertThat(gateway.counted()).isEmpty();
  }

  @Test
  void shouldTakeABodyThatNamesTheShopOfTheHeaderInAnyCase() {
    String body = "{\"id\":1,\"shop_domain\":\"SnowDevil.MyShopify.com\",\"shop_id\":954889}";

    WebhookReceived fact = taken(signed("orders/create", "SNOWDEVIL.myshopify.com", body), body);

    assertThat(fact.header().tenant()).isEqualTo(gateway.shop(SNOWDEVIL).tenant());
    assertThat(fact.provenance()).isEqualTo(Provenance.BODY_NAMES_SHOP);
  }

  @ParameterizedTest
  @CsvSource({
    "orders/create,shop_id," + SNOWDEVIL_ID + ",503",
    "orders/create,shop_id,\"" + SNOWDEVIL_ID + "\",503",
    "orders/create,shop_id," + ACME_ID + ",409",
    "orders/create,shop_id,954889954889954889954889,409",
    "customers/redact,shop_id," + ACME_ID + ",409",
    "app/uninstalled,id," + SNOWDEVIL_ID + ",503",
    "app/uninstalled,id," + ACME_ID + ",409",
    "shop/update,id," + ACME_ID + ",409",
  })
  void shouldHoldTheIdOfTheShopAgainstTheHeader(String topic, String field, String id, int status) {
    String body = "{\"%s\":%s,\"x\":1}".formatted(field, id);

    assertProblem(
        post(signed(topic, SNOWDEVIL, body), body),
        status,
        status == 409 ? "shop_mismatch" : "log_unavailable");
  }

  @Test
  void shouldRefuseABodyThatContradictsTheShopOfTheOtherFamily() {
    String body = "{\"shop_id\":690933842,\"shop_domain\":\"acme-prints.myshopify.com\"}";
    Map<String, String> headers = signed("customers/redact", SNOWDEVIL, body);
    headers.put("Shopify-Hmac-Sha256", headers.get(HMAC));
    headers.put("Shopify-Shop-Domain", headers.remove(SHOP));

    assertProblem(post(headers, body), 409, "shop_mismatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"customers/data_request", "customers/redact", "shop/redact"})
  void shouldTakeTheShopOfAComplianceTopicFromTheBody(String topic) {
    String body =
        """
        {"shop_id":954889,"shop_domain":"snowdevil.myshopify.com",
         "customer":{"id":191167,"email":"john@example.com","phone":"555-625-1199"}}
        """;
    Map<String, String> headers = signed(topic, SNOWDEVIL, body);
    headers.keySet().retainAll(List.of(HMAC, TOPIC));

    WebhookReceived fact = taken(headers, body);

    assertThat(fact.header().tenant()).isEqualTo(gateway.shop(SNOWDEVIL).tenant());
    assertThat(fact.provenance()).isEqualTo(Provenance.BODY_NAMES_SHOP);
    assertThat(fact.webhookId()).isEmpty();
    assertThat(fact.header().occurredAt()).isEqualTo(NOW);
    assertThat(fact.resourceHash()).isEmpty();
    assertThat(fact.toString()).doesNotContain("john", "555", "191167", "snowdevil");
    assertThat(gateway.opened(fact)).asString(UTF_8).isEqualTo(body);
  }

  @Test
  void shouldRefuseAComplianceTopicWithNoShopAnywhere() {
    String body = "{\"customer\":{\"id\":1}}";
    Map<String, String> headers = signed("customers/redact", SNOWDEVIL, body);
    headers.remove(SHOP);

    assertProblem(post(headers, body), 400, "malformed");
  }

  @Test
  void shouldNotTakeTheShopOfAnotherTopicFromTheBody() {
    String body = "{\"id\":1,\"shop_domain\":\"snowdevil.myshopify.com\"}";
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, body);
    headers.remove(SHOP);

    assertProblem(post(headers, body), 400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snowdevil",
        "snowdevil.example.com",
        "snowdevil.myshopify.com.example.com",
        "snowdevil.myshopify.com:443",
        "snowdevil.myshopify.com/",
        "https://snowdevil.myshopify.com",
        "a.snowdevil.myshopify.com",
        "-snowdevil.myshopify.com",
        ".myshopify.com",
        "snow devil.myshopify.com",
        "snowdevil_.myshopify.com",
        "snowdevil.myshopify.com,acme-prints.myshopify.com",
      })
  void shouldRefuseWhatIsNoShop(String shop) {
    assertProblem(post(signed("orders/create", shop, ORDER), ORDER), 400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders/create", "app/uninstalled", "shop/redact"})
  void shouldRefuseAShopThatWasNeverInstalled(String topic) {
    String body = "{\"x\":1}";

    assertProblem(
        post(signed(topic, "stranger.myshopify.com", body), body), 403, "shop_not_installed");
  }

  @ParameterizedTest
  @CsvSource({
    "orders/create,403",
    "products/update,403",
    "shop/update,403",
    "app/uninstalled,503",
    "customers/redact,503",
    "customers/data_request,503",
    "shop/redact,503",
  })
  void shouldKnowAShopThatLeftForComplianceOnly(String topic, int status) {
    String left = "{\"id\":954889}";
    gateway.known.fold(taken(signed("app/uninstalled", SNOWDEVIL, left), left));
    String body = "{\"id\":954889,\"x\":1}";

    Answer answer = post(signed(topic, SNOWDEVIL, body), body);

    assertProblem(answer, status, status == 403 ? "shop_not_installed" : "log_unavailable");
  }

  // ---- resources and equal bodies

  @Test
  void shouldRefuseAResourceThatBelongsToAnotherShop() {
    String first = "{\"id\":42,\"title\":\"first\"}";
    String second = "{\"id\":\"42\",\"title\":\"second\"}";
    gateway.known.fold(taken(signed("products/create", ACME, first), first));

    Map<String, String> marked = signed("products/update", SNOWDEVIL, second);
    marked.put("X-Shopify-Test", "true");
    assertProblem(post(marked, second), 409, "shop_mismatch");
    assertProblem(post(signed("products/update", SNOWDEVIL, second), second), 409, "shop_mismatch");
    assertThat(taken(signed("products/update", ACME, second), second).resourceHash()).isPresent();
  }

  @Test
  void shouldNotTakeAnotherResourceOfTheSameIdForTheOneThatIsBound() {
    String body = "{\"id\":42,\"x\":1}";
    String other = "{\"id\":42,\"x\":2}";
    gateway.known.fold(taken(signed("products/create", ACME, body), body));

    assertThat(taken(signed("orders/create", SNOWDEVIL, other), other).resourceHash()).isPresent();
  }

  @Test
  void shouldFlagAnEqualBodyUnderAnotherShop() {
    String body = "{\"x\":1}";
    gateway.known.fold(taken(signed("themes/publish", ACME, body), body));

    assertThat(taken(signed("themes/publish", SNOWDEVIL, body), body).equalBodyElsewhere())
        .isTrue();
    assertThat(taken(signed("themes/publish", ACME, body), body).equalBodyElsewhere()).isFalse();
  }

  @Test
  void shouldTakeTheVendorsTestPayloadForEveryShopAndBindNothing() {
    Map<String, String> acme = signed("products/create", ACME, STUB);
    acme.put("X-Shopify-Test", "true");
    Map<String, String> snowdevil = signed("products/create", SNOWDEVIL, STUB);
    snowdevil.put("X-Shopify-Test", "true");
    gateway.known.fold(taken(acme, STUB));

    WebhookReceived fact = taken(snowdevil, STUB);

    assertThat(fact.test()).isTrue();
    assertThat(fact.resourceHash()).isEmpty();
    assertThat(fact.equalBodyElsewhere()).isTrue();
  }

  // ---- other headers

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "products",
        "products/",
        "/create",
        "products//create",
        "Products/create",
        "products/create/",
        "products create",
        "products/cr-eate",
        "../products"
      })
  void shouldRefuseWhatIsNoTopic(String topic) {
    assertProblem(post(signed(topic, SNOWDEVIL, ORDER), ORDER), 400, "malformed");
  }

  @Test
  void shouldTakeATopicOf255LettersAndNoneOfOneMore() {
    String topic = "orders/" + "x".repeat(248);

    assertThat(taken(signed(topic, SNOWDEVIL, ORDER), ORDER).topic()).isEqualTo(topic);
    assertProblem(post(signed(topic + "x", SNOWDEVIL, ORDER), ORDER), 400, "malformed");
  }

  @Test
  void shouldTakeADeliveryIdOf255LettersAndNoneOfOneMore() {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.put(WEBHOOK_ID, "i".repeat(255));
    assertThat(taken(headers, ORDER).webhookId()).hasSize(255);

    headers.put(WEBHOOK_ID, "i".repeat(256));
    assertProblem(post(headers, ORDER), 400, "malformed");

    headers.remove(WEBHOOK_ID);
    assertProblem(post(headers, ORDER), 400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(longs = {26, -26})
  void shouldTakeATimeUpTo26HoursOffAndNoneOfASecondMore(long hours) {
    Duration off = Duration.ofHours(hours);
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.put(TRIGGERED_AT, NOW.plus(off).toString());
    assertThat(taken(headers, ORDER).header().occurredAt()).isEqualTo(NOW.plus(off));

    headers.put(TRIGGERED_AT, NOW.plus(off).plusSeconds(hours / 26).toString());
    assertProblem(post(headers, ORDER), 400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "1795428000",
        "2026-11-23",
        "2026-11-23T10:00:00",
        "2026-13-23T10:00:00Z",
        "+999999999-12-31T23:59:59.999999999-18:00",
        "-999999999-01-01T00:00:00+18:00",
      })
  void shouldRefuseATimeThatIsNone(String time) {
    Map<String, String> headers = signed("orders/create", SNOWDEVIL, ORDER);
    headers.put(TRIGGERED_AT, time);

    assertProblem(post(headers, ORDER), 400, "malformed");
  }

  @Test
  void shouldRefuseASignedBodyThatIsNoJson() {
    String body = "{\"id\":1,\"images\":" + "[".repeat(5_000);

    Answer answer = post(signed("products/update", SNOWDEVIL, body), body);

    assertProblem(answer, 400, "malformed");
    assertThat(gateway.taken()).isEmpty();
  }

  // ---- helpers

  private static Map<String, String> signed(String topic, String shop, String body) {
    return signed(topic, shop, body, SECRET);
  }

  private static Map<String, String> signed(String topic, String shop, String body, String secret) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(HMAC, hmac(secret, body));
    headers.put(TOPIC, topic);
    headers.put(SHOP, shop);
    headers.put(WEBHOOK_ID, "b54557e4");
    headers.put(TRIGGERED_AT, "2026-11-23T09:59:00Z");
    return headers;
  }

  private static String hmac(String secret, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Answer post(Map<String, String> headers, String body) {
    return gateway.post(headers, body.getBytes(UTF_8));
  }

  /** The fact of a delivery that passes every check; 503 because the log is out of reach. */
  private static WebhookReceived taken(Map<String, String> headers, String body) {
    int before = gateway.taken().size();
    assertProblem(post(headers, body), 503, "log_unavailable");
    assertThat(gateway.taken()).hasSize(before + 1);
    return gateway.taken().getLast();
  }

  private static void assertRefusedAndCounted(Answer answer, int status, String problem) {
    assertProblem(answer, status, problem);
    assertThat(gateway.counted()).containsExactly(problem);
    assertThat(gateway.taken()).isEmpty();
  }

  private static void assertProblem(Answer answer, int status, String problem) {
    assertThat(answer.body()).isNotEmpty();
    assertThat(answer.problem()).as(answer.body()).isEqualTo(problem);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).contains("application/problem+json");
  }
}
