package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.LedgerClient.utf8;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Shopify, and whoever pretends to be Shopify, gets from a running node. */
class WebhookTest {

  private static final int MIB = 1024 * 1024;
  private static final int MAX_BODY = 5 * MIB;
  private static final int INLINE_BODY = 512 * 1024;
  private static final Duration MAX_SKEW = Duration.ofHours(26);

  /** A busy machine may take this long between the clock that is read here and the node's. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(30);

  /** A shop that a test may uninstall. */
  private static final DevCredentials.Shop LEAVING =
      new DevCredentials.Shop("777000111", "leaving-soon.myshopify.com");

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, secrets(Instant.now()), LEAVING);
    client = node.client();
  }

  private static String secrets(Instant now) {
    return """
    shopify:
      client_secrets:
        - id: rotated-in
          secret: shpss_current_4f1c
          not_before: %s
          not_after: %s
        - id: rotated-out
          secret: shpss_former_9a2e
          not_after: %s
        - id: for-next-year
          secret: shpss_future_c07d
          not_before: %s
    """
        .formatted(
            now.minusSeconds(3600),
            now.plusSeconds(3600),
            now.minusSeconds(1),
            now.plusSeconds(3600));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  // ---- accepted

  @Test
  void shouldMakeAFactOfADeliveryAndSignItsImages() throws Exception {
    node.offerImage(SNOWDEVIL, "front.jpg", TestNode.image("jpeg", 1));
    node.offerImage(SNOWDEVIL, "bindings.png", TestNode.image("png", 2));
    long id = newId();
    var delivery =
        node.delivery(
            "products/create",
            SNOWDEVIL,
            product(id, source("front.jpg"), "https:" + source("bindings.png")));

    var answer = client.deliver(delivery).expect(200);

    assertThat(answer.body()).isEmpty();
    var event = client.event(answer);
    assertThat(answer.required("Ledger-Position"))
        .isEqualTo(event.path("partition").asText() + ":" + event.path("offset").asText());
    assertThat(event.path("type").asText()).isEqualTo("WebhookReceived");
    assertThat(event.path("shop").asText()).isEqualTo(SNOWDEVIL);
    assertThat(event.path("tenant").asText()).doesNotContain("snowdevil").isNotBlank();
    assertThat(event.path("actor").path("type").asText()).isEqualTo("SHOPIFY");
    assertThat(event.path("correlation_id").asText())
        .isEqualTo(delivery.fields().get("X-Shopify-Event-Id"));
    assertThat(Instant.parse(event.path("occurred_at").asText()))
        .isCloseTo(
            Instant.parse(delivery.fields().get(ShopifyDelivery.TRIGGERED_AT)),
            org.assertj.core.api.Assertions.within(1, java.time.temporal.ChronoUnit.MILLIS));
    assertThat(event.at("/payload/extract/resource_id").asText("missing"))
        .as(event::toString)
        .isEqualTo(Long.toString(id));
    assertThat(event.path("payload").path("secret_id").asText()).isEqualTo("development");
    var signed = client.awaitRequestsOf(event.path("event_id").asText(), SNOWDEVIL, 2, "SIGNED");
    assertThat(signed)
        .extracting(request -> request.path("asset_sha256").asText())
        .containsExactlyInAnyOrder(
            TestNode.hex(TestNode.sha256(TestNode.image("jpeg", 1))),
            TestNode.hex(TestNode.sha256(TestNode.image("png", 2))));
  }

  @Test
  void shouldAcceptAWellFormedTopicThatNothingActsOn() {
    var event =
        client.event(
            client.deliver(
                node.delivery("inventory_levels/update", SNOWDEVIL, "{\"available\": 3}")));

    assertThat(event.path("payload").path("topic").asText()).isEqualTo("inventory_levels/update");
  }

  @Test
  void shouldMakeNoSecondRequestForAnImageSourceThatItHasSeen() throws Exception {
    node.offerImage(SNOWDEVIL, "once.jpg", TestNode.image("jpeg", 3));
    node.offerImage(SNOWDEVIL, "added.jpg", TestNode.image("jpeg", 4));
    long id = newId();
    var seen = source("once.jpg");
    var first =
        client.deliver(node.delivery("products/create", SNOWDEVIL, product(id, seen))).expect(200);
    client.awaitRequestsOf(first.required("Ledger-Event-Id"), SNOWDEVIL, 1, "SIGNED");

    var second =
        client
            .deliver(
                node.delivery("products/update", SNOWDEVIL, product(id, seen, source("added.jpg"))))
            .expect(200);

    client.awaitRequestsOf(second.required("Ledger-Event-Id"), SNOWDEVIL, 1, "SIGNED");
  }

  @Test
  void shouldKeepAnImageThatCannotBeFetchedAsAFact() {
    var answer =
        client
            .deliver(
                node.delivery("products/create", ACME, product(newId(), source("nowhere.jpg"))))
            .expect(200);
    var webhook = answer.required("Ledger-Event-Id");

    var failed =
        client.awaitAll(
            "/v1/shops/" + ACME + "/events?limit=500&type=AssetFetchFailed",
            client.role("auditor"),
            items ->
                items.stream().anyMatch(item -> item.path("payload").toString().contains(webhook)));

    assertThat(failed).isNotEmpty();
    assertThat(failed.getFirst().path("payload").toString()).contains("not_found");
  }

  // ---- the signature

  @Test
  void shouldRefuseABodyWithOneChangedByte() {
    var delivery = node.delivery("products/create", SNOWDEVIL, product(newId()));
    var changed = delivery.body().clone();
    changed[changed.length / 2] ^= 1;

    client.deliver(delivery.withBody(changed)).expectProblem(401, "bad_hmac");
  }

  @Test
  void shouldRefuseADeliveryThatIsNotSigned() {
    var delivery = node.delivery("products/create", SNOWDEVIL, product(newId()));

    client.deliver(delivery.without(ShopifyDelivery.HMAC)).expectProblem(401, "missing_hmac");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no padding", "loose bits", "url-safe", "hex", "two in one", "garbage"})
  void shouldTakeOneSpellingOfASignatureOnly(String how) {
    // 4 decides the signature: it has to have both a '+' or a '/' for the url-safe spelling to
    // differ.
    var delivery = signatureWithSpecials();
    var good = delivery.fields().get(ShopifyDelivery.HMAC);
    var other =
        switch (how) {
          case "no padding" -> good.substring(0, 43);
          case "loose bits" -> good.substring(0, 42) + (char) (good.charAt(42) + 1) + "=";
          case "url-safe" -> good.replace('+', '-').replace('/', '_');
          case "hex" -> TestNode.hex(java.util.Base64.getDecoder().decode(good));
          case "two in one" -> good + "," + good;
          default -> "not base64 at all";
        };
    assertThat(other).isNotEqualTo(good);

    client.deliver(delivery.with(ShopifyDelivery.HMAC, other)).expectProblem(401, "bad_hmac");

    client.deliver(delivery).expect(200);
  }

  /** A delivery whose signature looks otherwise in the URL-safe alphabet. */
  private static ShopifyDelivery signatureWithSpecials() {
    while (true) {
      var delivery =
          node.delivery("orders/create", SNOWDEVIL, "{\"id\": %d, \"n\": 1}".formatted(newId()));
      var hmac = delivery.fields().get(ShopifyDelivery.HMAC);
      // 'z' and '9' have no neighbour in the alphabet by adding one.
      if ((hmac.contains("+") || hmac.contains("/")) && "z9Z+/".indexOf(hmac.charAt(42)) < 0) {
        return delivery;
      }
    }
  }

  @Test
  void shouldRefuseAComplianceDeliveryWithAWrongSignature() {
    var delivery =
        node.delivery("customers/redact", SNOWDEVIL, redact(SNOWDEVIL, "954889"))
            .with(ShopifyDelivery.HMAC, ShopifyDelivery.hmac("guessed", utf8("{}")));

    client.deliver(delivery).expectProblem(401, "bad_hmac");
  }

  @Test
  void shouldTakeASecretWithinItsWindowAndRecordWhichOne() {
    var body = utf8(product(newId()));

    var event =
        client.event(
            client.deliver(
                ShopifyDelivery.of("shpss_current_4f1c", "products/create", SNOWDEVIL, body)));

    assertThat(event.path("payload").path("secret_id").asText()).isEqualTo("rotated-in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shpss_former_9a2e", "shpss_future_c07d", "shpss_current_4f1c ", "x"})
  void shouldRefuseASecretOutsideItsWindow(String secret) {
    var body = utf8(product(newId()));

    client
        .deliver(ShopifyDelivery.of(secret, "products/create", SNOWDEVIL, body))
        .expectProblem(401, "bad_hmac");
  }

  // ---- malformed

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
  void shouldTakeNothingButPosts(String method) {
    client
        .send(method, "/webhooks/shopify", Caller.NOBODY, new byte[0])
        .expectProblem(405, "method_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": 1, \"images\": [{\"id\": 2, \"src\": \"ht",
        "[1, 2]",
        "",
        "\"text\"",
        "{\"id\": 1} {\"id\": 2}",
        "{\"id\": 1, \"id\": 2}",
        "{\"title\": \"no id\"}",
        "{\"id\": 1, \"images\": \"front.jpg\"}",
        "{\"id\": 1, \"images\": [{\"id\": 2}]}"
      })
  void shouldRefuseABodyThatIsNoProduct(String body) {
    client
        .deliver(node.delivery("products/create", SNOWDEVIL, body))
        .expectProblem(400, "malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "products", "products/", "../etc/passwd", "Products/Create"})
  void shouldRefuseWhatIsNoTopic(String topic) {
    var delivery =
        node.delivery("products/create", SNOWDEVIL, product(newId()))
            .with(ShopifyDelivery.TOPIC, topic);

    client.deliver(delivery).expectProblem(400, "malformed");
  }

  @Test
  void shouldRefuseADeliveryWithoutItsId() {
    var delivery = node.delivery("products/create", SNOWDEVIL, product(newId()));

    client.deliver(delivery.without(ShopifyDelivery.WEBHOOK_ID)).expectProblem(400, "malformed");
  }

  @Test
  void shouldTakeATimeThatIsUpTo26HoursOff() {
    for (var skew : List.of(MAX_SKEW.minus(CLOCK_MARGIN), MAX_SKEW.minus(CLOCK_MARGIN).negated())) {
      var at = Instant.now().plus(skew).toString();
      var delivery = node.delivery("products/update", SNOWDEVIL, product(newId()));
      client.deliver(delivery.with(ShopifyDelivery.TRIGGERED_AT, at)).expect(200);
    }
  }

  @Test
  void shouldRefuseATimeThatIsMoreThan26HoursOff() {
    for (var skew : List.of(MAX_SKEW.plus(CLOCK_MARGIN), MAX_SKEW.plus(CLOCK_MARGIN).negated())) {
      var at = Instant.now().plus(skew).toString();
      var delivery = node.delivery("products/update", SNOWDEVIL, product(newId()));
      client
          .deliver(delivery.with(ShopifyDelivery.TRIGGERED_AT, at))
          .expectProblem(400, "malformed");
    }
  }

  @Test
  void shouldRefuseATimeThatIsNone() {
    var delivery =
        node.delivery("products/update", SNOWDEVIL, product(newId()))
            .with(ShopifyDelivery.TRIGGERED_AT, "yesterday");

    client.deliver(delivery).expectProblem(400, "malformed");
  }

  // ---- sizes

  @Test
  void shouldTakeABodyOf5MiB() {
    var answer = client.deliver(node.delivery("orders/create", SNOWDEVIL, bodyOf(MAX_BODY)));

    var event = client.event(answer);

    assertThat(event.at("/payload/body/stored_as").isTextual()).as(event::toString).isTrue();
  }

  @Test
  void shouldRefuseABodyOfOneByteMore() {
    client
        .deliver(node.delivery("orders/create", SNOWDEVIL, bodyOf(MAX_BODY + 1)))
        .expectProblem(413, "too_large");
  }

  @Test
  void shouldRefuseABodyOf6MiBWithASentence() {
    client
        .deliver(node.delivery("orders/create", SNOWDEVIL, bodyOf(6 * MIB)))
        .expectProblem(413, "too_large");
  }

  @Test
  void shouldKeepABodyOf512KiBInTheLogAndALargerOneByReference() {
    var inline =
        client.event(
            client.deliver(node.delivery("orders/create", SNOWDEVIL, bodyOf(INLINE_BODY))));
    var stored =
        client.event(
            client.deliver(node.delivery("orders/create", SNOWDEVIL, bodyOf(INLINE_BODY + 1))));

    assertThat(inline.at("/payload/body/stored_as").isNull()).isTrue();
    assertThat(inline.at("/payload/body/ciphertext").asText().length()).isGreaterThan(INLINE_BODY);
    assertThat(stored.at("/payload/body/stored_as").isTextual()).isTrue();
    assertThat(stored.at("/payload/body/ciphertext").asText()).isEmpty();
  }

  private static byte[] bodyOf(int bytes) {
    var head = "{\"id\": %d, \"note\": \"".formatted(newId());
    var body = new byte[bytes];
    Arrays.fill(body, (byte) 'x');
    System.arraycopy(utf8(head), 0, body, 0, head.length());
    System.arraycopy(utf8("\"}"), 0, body, bytes - 2, 2);
    return body;
  }

  // ---- whose it is

  @Test
  void shouldRefuseAShopThatHasNotInstalledTheApp() {
    client
        .deliver(node.delivery("products/create", "stranger.myshopify.com", product(newId())))
        .expectProblem(403, "shop_not_installed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop.example.com", "-.myshopify.com", "myshopify.com", "a b.myshopify.com"})
  void shouldRefuseWhatIsNoShop(String shop) {
    var delivery =
        node.delivery("products/create", SNOWDEVIL, product(newId()))
            .with(ShopifyDelivery.SHOP, shop);

    client.deliver(delivery).expectProblem(400, "malformed");
  }

  @Test
  void shouldRefuseABodyThatNamesAnotherShop() {
    client
        .deliver(node.delivery("customers/redact", SNOWDEVIL, redact(ACME, "690933842")))
        .expectProblem(409, "shop_mismatch");
    client
        .deliver(node.delivery("customers/redact", SNOWDEVIL, redact(SNOWDEVIL, "690933842")))
        .expectProblem(409, "shop_mismatch");
    client
        .deliver(
            node.delivery(
                "app/uninstalled",
                SNOWDEVIL,
                "{\"id\": 690933842, \"myshopify_domain\": \"%s\"}".formatted(ACME)))
        .expectProblem(409, "shop_mismatch");
  }

  @Test
  void shouldRefuseAResourceThatBelongsToAnotherShop() {
    long id = newId();
    client.event(client.deliver(node.delivery("products/create", SNOWDEVIL, product(id))));

    client
        .deliver(node.delivery("products/update", ACME, product(id, source("stolen.jpg"))))
        .expectProblem(409, "shop_mismatch");
    client.deliver(node.delivery("products/update", SNOWDEVIL, product(id))).expect(200);
  }

  @Test
  void shouldFlagAnEqualBodyUnderAnotherShop() {
    var body = "{\"note\": \"vendor test payload %d\"}".formatted(newId());
    client.event(client.deliver(node.delivery("orders/create", SNOWDEVIL, body)));

    var elsewhere = client.event(client.deliver(node.delivery("orders/create", ACME, body)));

    assertThat(elsewhere.findValue("equal_body_elsewhere").asBoolean()).isTrue();
    assertThat(elsewhere.has("duplicate_of")).isFalse();
  }

  @Test
  void shouldTakeComplianceTopicsWithoutTheHeadersThatShopifyForgets() {
    var delivery =
        node.delivery("customers/redact", SNOWDEVIL, redact(SNOWDEVIL, "954889"))
            .without(ShopifyDelivery.SHOP)
            .without(ShopifyDelivery.WEBHOOK_ID)
            .without("X-Shopify-Event-Id")
            .without("X-Shopify-API-Version")
            .without(ShopifyDelivery.TRIGGERED_AT);

    var event = client.event(client.deliver(delivery));

    assertThat(event.path("shop").asText()).isEqualTo(SNOWDEVIL);
    assertThat(event.path("payload").path("provenance").asText()).isEqualTo("BODY_NAMES_SHOP");
    assertThat(event.toString()).doesNotContain("ines.carvalho", "555-010", "example.com");
  }

  @Test
  void shouldRefuseAComplianceDeliveryThatNamesNoShopAnywhere() {
    client
        .deliver(
            node.delivery("customers/redact", SNOWDEVIL, "{\"customer\": {\"id\": 7}}")
                .without(ShopifyDelivery.SHOP))
        .expectProblem(400, "malformed");
  }

  @Test
  void shouldKnowAShopThatLeftForComplianceOnly() {
    var body =
        "{\"id\": %s, \"myshopify_domain\": \"%s\"}".formatted(LEAVING.shopId(), LEAVING.domain());
    client.event(client.deliver(node.delivery("app/uninstalled", LEAVING.domain(), body)));
    client.awaitAll(
        "/v1/shops/" + LEAVING.domain() + "/events?limit=50&type=ShopUninstalled",
        client.role("auditor"),
        items -> !items.isEmpty());

    client
        .deliver(node.delivery("products/create", LEAVING.domain(), product(newId())))
        .expectProblem(403, "shop_not_installed");
    client
        .deliver(
            node.delivery("shop/redact", LEAVING.domain(), redact(LEAVING.domain(), "777000111")))
        .expect(200);
  }

  private static String redact(String shop, String shopId) {
    return json(
        Map.of(
            "shop_id", Long.parseLong(shopId),
            "shop_domain", shop,
            "customer",
                Map.of(
                    "id", newId(), "email", "ines.carvalho@example.com", "phone", "555-010-7788"),
            "orders_to_redact", List.of(newId())));
  }

  // ---- again

  @Test
  void shouldMakeOneBusinessEventOfEightEqualDeliveriesAtOnce() throws Exception {
    node.offerImage(ACME, "eight.jpg", TestNode.image("jpeg", 8));
    var delivery = node.delivery("products/create", ACME, product(newId(), source("eight.jpg")));

    var ids =
        atOnce(8, delivery).stream()
            .map(answer -> answer.expect(200).required("Ledger-Event-Id"))
            .toList();

    assertThat(ids).doesNotHaveDuplicates();
    List<JsonNode> events = new ArrayList<>();
    ids.forEach(id -> events.add(client.event(id)));
    var business = events.stream().filter(event -> !event.has("duplicate_of")).toList();
    assertThat(business).hasSize(1);
    var first = business.getFirst().path("event_id").asText();
    assertThat(events.stream().filter(event -> event.has("duplicate_of")))
        .hasSize(7)
        .allMatch(event -> event.path("duplicate_of").asText().equals(first))
        .allMatch(
            event -> event.path("offset").asLong() > business.getFirst().path("offset").asLong());
    client.awaitRequestsOf(first, ACME, 1, "SIGNED");
    assertThat(requestsOfAny(Set.copyOf(ids), ACME)).hasSize(1);
  }

  private static List<Answer> atOnce(int count, ShopifyDelivery delivery) throws Exception {
    var start = new CountDownLatch(1);
    List<Future<Answer>> answers = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return client.deliver(delivery);
                }));
      }
      start.countDown();
    }
    List<Answer> done = new ArrayList<>();
    for (var answer : answers) {
      done.add(answer.get());
    }
    return done;
  }

  private static List<JsonNode> requestsOfAny(Set<String> webhooks, String shop) {
    return client
        .all("/v1/shops/" + shop + "/signing-requests?limit=500", client.role("operator"))
        .stream()
        .filter(request -> webhooks.contains(request.at("/origin/webhook_event_id").asText("none")))
        .toList();
  }

  @Test
  void shouldPointFromTheSameBodyToTheFirstAndMakeNoSecondRequest() throws Exception {
    node.offerImage(ACME, "same-body.jpg", TestNode.image("jpeg", 9));
    var delivery =
        node.delivery("products/update", ACME, product(newId(), source("same-body.jpg")));
    var first = client.event(client.deliver(delivery)).path("event_id").asText();
    client.awaitRequestsOf(first, ACME, 1, "SIGNED");

    var second =
        client.event(
            client.deliver(
                delivery.with(ShopifyDelivery.WEBHOOK_ID, UUID.randomUUID().toString())));

    assertThat(second.path("same_body_as").asText()).isEqualTo(first);
    assertThat(second.has("duplicate_of")).isFalse();
    assertThat(requestsOfAny(Set.of(first, second.path("event_id").asText()), ACME)).hasSize(1);
  }

  @Test
  void shouldNotTakeAnotherTopicOrShopForADuplicate() {
    var body = "{\"note\": \"%d\"}".formatted(newId());
    var delivery = node.delivery("orders/create", SNOWDEVIL, body);
    var ids =
        List.of(
                delivery,
                delivery.with(ShopifyDelivery.TOPIC, "orders/paid"),
                delivery.with(ShopifyDelivery.SHOP, ACME))
            .stream()
            .map(one -> client.event(client.deliver(one)))
            .filter(event -> !event.has("duplicate_of"))
            .map(event -> event.path("event_id").asText())
            .collect(Collectors.toSet());

    assertThat(ids).hasSize(3);
  }

  // ---- kinds of payloads and headers

  @Test
  void shouldRecogniseAStubUnlessTheIdIsThePayload() {
    var stub = "{\"id\": %d}".formatted(newId());

    var update = client.event(client.deliver(node.delivery("products/update", SNOWDEVIL, stub)));
    var delete = client.event(client.deliver(node.delivery("products/delete", SNOWDEVIL, stub)));

    assertThat(update.path("payload").path("stub").asBoolean()).isTrue();
    assertThat(delete.path("payload").path("stub").asBoolean()).isFalse();
  }

  @Test
  void shouldTakeEitherHeaderFamilyAndBothThatAgree() {
    var classic = node.delivery("products/update", SNOWDEVIL, product(newId()));
    var events = node.delivery("products/update", SNOWDEVIL, product(newId())).asEvents();
    var both = node.delivery("products/update", SNOWDEVIL, product(newId())).underBoth();

    assertThat(family(classic)).isEqualTo("CLASSIC");
    assertThat(family(events)).isEqualTo("EVENTS");
    assertThat(family(both)).isEqualTo("BOTH");
  }

  private static String family(ShopifyDelivery delivery) {
    return client.event(client.deliver(delivery)).path("payload").path("family").asText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Topic", "Shop-Domain", "Webhook-Id", "Hmac-Sha256"})
  void shouldRefuseFamiliesThatDisagree(String name) {
    var other =
        switch (name) {
          case "Topic" -> "products/create";
          case "Shop-Domain" -> ACME;
          case "Webhook-Id" -> UUID.randomUUID().toString();
          default -> ShopifyDelivery.hmac("guessed", new byte[0]);
        };
    for (var family : List.of("X-Shopify-", "Shopify-")) {
      var both = node.delivery("products/update", SNOWDEVIL, product(newId())).underBoth();

      client.deliver(both.with(family + name, other)).expectProblem(400, "malformed");
    }
  }

  @Test
  void shouldShowNothingOfARefusedDeliveryInTheTrailOfTheShop() {
    var before = client.facts(Optional.of(SNOWDEVIL), "WebhookReceived").size();
    var delivery = node.delivery("products/create", SNOWDEVIL, product(newId()));

    client.deliver(delivery.without(ShopifyDelivery.HMAC)).expect(401);
    client.deliver(delivery.withBody(utf8("{}"))).expect(401);
    var marker = client.event(client.deliver(delivery));

    assertThat(client.facts(Optional.of(SNOWDEVIL), "WebhookReceived"))
        .hasSize(before + 1)
        .first()
        .extracting(event -> event.path("event_id").asText())
        .isEqualTo(marker.path("event_id").asText());
  }
}
