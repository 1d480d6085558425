package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.LedgerClient.utf8;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.credlink.ledger.node.RawLog.Fact;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What callers of direct signing requests may rely on: one request under one key, answers after
 * their decision, reads after their writes, lists that hold still.
 */
class ApiTest {

  private static final String PATH = "/v1/shops/" + ACME + "/signing-requests";
  private static final String UNKNOWN = "/v1/shops/nobody.myshopify.com";
  private static final String KEY = "Idempotency-Key";

  /** Far less than the 30 s that the test allows the poll. */
  private static final Duration EARLY = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static RawLog log;
  private static Caller merchant;
  private static Caller operator;
  private static Caller stranger;

  /** A request that is signed, for those who only want to read. */
  private static String signed;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    log = RawLog.at(node.node().kafka());
    merchant = client.merchant(ACME);
    operator = client.role("operator");
    stranger = client.merchant(SNOWDEVIL);
    signed = ask(newDigest()).required("Location");
    client.awaitSigned(signed, merchant);
  }

  @AfterAll
  static void stop() {
    log.close();
    node.close();
  }

  private static String newDigest() {
    return TestNode.hex(TestNode.sha256(utf8(UUID.randomUUID().toString())));
  }

  private static String request(String digest) {
    return json(
        Map.of("digest", Map.of("alg", "sha-256", "value", digest), "signature_format", "cose"));
  }

  private static Answer ask(String digest, String... headers) {
    return client.postJson(PATH, merchant, request(digest), headers).expect(202);
  }

  private static Answer upload(byte[] image, String request, String... headers) {
    return client.postForm(
        PATH,
        merchant,
        List.of(Part.request(request), Part.file("front.png", "image/png", image)),
        headers);
  }

  private static String id(Answer accepted) {
    return accepted.expect(202).json().path("request_id").asText();
  }

  private static List<JsonNode> requestsFor(String digest) {
    return client.all(PATH + "?limit=500", operator).stream()
        .filter(item -> item.path("asset_sha256").asText().equals(digest))
        .toList();
  }

  // ---- what is asked for

  @Test
  void shouldSignADigestOfWhichItHasNoFile() {
    var digest = newDigest();

    var answer = ask(digest);

    assertThat(answer.json().path("asset_sha256").asText()).isEqualTo(digest);
    assertThat(answer.json().path("position").asText())
        .isEqualTo(answer.required("Ledger-Position"));
    var status = client.awaitSigned(answer.required("Location"), merchant);
    assertThat(status.path("asset_sha256").asText()).isEqualTo(digest);
    assertThat(status.path("signatures")).hasSize(2);
    var fact = client.event(answer.required("Ledger-Event-Id"));
    assertThat(fact.at("/payload/asset_stored").toString()).isEqualTo("false");
  }

  @Test
  void shouldHoldAFileAgainstTheDigestThatCameWithIt() {
    byte[] image = TestNode.image("png", 501);
    var digest = TestNode.hex(TestNode.sha256(image));

    var right = upload(image, json(Map.of("asset_sha256", digest)));
    var wrong = upload(image, json(Map.of("asset_sha256", newDigest())));

    client.awaitSigned(right.expect(202).required("Location"), merchant);
    wrong.expectProblem(422, "digest_mismatch");
    assertThat(requestsFor(digest)).hasSize(1);
  }

  // ---- one request under one key

  @Test
  void shouldAnswerARepetitionWithTheFirstRequest() {
    var digest = newDigest();
    var key = UUID.randomUUID().toString();
    var first = ask(digest, KEY, key);
    client.awaitSigned(first.required("Location"), merchant);
    var respelled =
        "{ \"signature_format\" : \"cose\",\n\"digest\":{\"value\":\"%s\",\"alg\":\"sha-256\"}}"
            .formatted(digest);

    var again = client.postJson(PATH, merchant, respelled, KEY, key).expect(202);

    assertThat(id(again)).isEqualTo(id(first));
    assertThat(again.required("Location")).isEqualTo(first.required("Location"));
    assertThat(requestsFor(digest)).hasSize(1);
  }

  @Test
  void shouldAnswerARepeatedUploadWithTheFirstRequest() {
    byte[] image = TestNode.image("png", 502);
    var key = UUID.randomUUID().toString();

    var first = upload(image, "{}", KEY, key);
    var again = upload(image, "{}", KEY, key);
    var other = upload(TestNode.image("png", 503), "{}", KEY, key);

    assertThat(id(again)).isEqualTo(id(first));
    other.expectProblem(422, "idempotency_conflict");
    assertThat(requestsFor(TestNode.hex(TestNode.sha256(image)))).hasSize(1);
    assertThat(requestsFor(TestNode.hex(TestNode.sha256(TestNode.image("png", 503))))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"signature_format\":\"jws\"",
        "\"lane\":\"bulk\"",
        "\"title\":\"Alpine Board\"",
        "\"expires_at\":\"2099-01-01T00:00:00Z\""
      })
  void shouldRefuseAnotherRequestUnderTheSameKey(String difference) {
    var digest = newDigest();
    var key = UUID.randomUUID().toString();
    var first = ask(digest, KEY, key);
    var other =
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%s\"},%s}".formatted(digest, difference);

    client.postJson(PATH, merchant, other, KEY, key).expectProblem(422, "idempotency_conflict");

    client.awaitSigned(first.required("Location"), merchant);
    assertThat(requestsFor(digest))
        .extracting(one -> one.path("request_id").asText())
        .containsExactly(id(first));
  }

  @Test
  void shouldKeepTheKeysOfShopsApart() {
    var digest = newDigest();
    var key = UUID.randomUUID().toString();
    var elsewhere = PATH.replace(ACME, SNOWDEVIL);

    var here = ask(digest, KEY, key);
    var there = client.postJson(elsewhere, stranger, request(newDigest()), KEY, key);

    assertThat(id(there)).isNotEqualTo(id(here));
  }

  @Test
  void shouldMakeTwoRequestsWithoutAKey() {
    var digest = newDigest();

    var ids = List.of(id(ask(digest)), id(ask(digest)));

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(requestsFor(digest)).hasSize(2);
  }

  @Test
  void shouldTakeAKeyOf255CharactersAndNoLonger() {
    ask(newDigest(), KEY, "k".repeat(255));
    client
        .postJson(PATH, merchant, request(newDigest()), KEY, "k".repeat(256))
        .expectProblem(400, "malformed");
  }

  // ---- a long poll

  @Test
  void shouldAnswerALongPollAsSoonAsItIsSigned() {
    var location = ask(newDigest()).required("Location");

    long begin = System.nanoTime();
    client.awaitSigned(location, merchant);
    var settled = client.get(location + "?wait=30s", merchant).expect(200).json();

    assertThat(settled.path("status").asText()).isEqualTo("SIGNED");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(EARLY);
  }

  @Test
  void shouldAnswerALongPollWhenItsTimeIsOverOrTheRequestIsPastIt(@TempDir Path other)
      throws Exception {
    try (var unsigned = TestNode.start(other, "roles: [api, topology, clerk]\n")) {
      var asking = unsigned.client();
      var acme = asking.merchant(ACME);
      var expiresAt = java.time.Instant.now().plusSeconds(5);
      var body =
          json(
              Map.of(
                  "digest", Map.of("alg", "sha-256", "value", newDigest()),
                  "expires_at", expiresAt.toString()));
      var location = asking.postJson(PATH, acme, body).expect(202).required("Location");

      long begin = System.nanoTime();
      var waited = asking.get(location + "?wait=600ms", acme).expect(200).json();

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(600), EARLY);
      assertThat(waited.path("status").asText()).isIn("REQUESTED", "QUEUED");
      asking.get(location + "/signature", acme).expectProblem(409, "state_conflict");
      assertThat(
              asking.get(location + "?wait=30s", acme).expect(200).json().path("status").asText())
          .isEqualTo("EXPIRED");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(EARLY);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "-1s", "soon", "", "1m", "9999999s"})
  void shouldRefuseAWaitThatIsNone(String wait) {
    client.get(signed + "?wait=" + wait, merchant).expectProblem(400, "invalid_parameter");
  }

  // ---- positions

  @Test
  void shouldShowAWebhookToWhoeverSendsItsPosition() {
    for (int i = 0; i < 30; i++) {
      var delivered =
          client.deliver(node.delivery("products/update", ACME, product(newId()))).expect(200);

      var event =
          client.get(
              "/v1/events/" + delivered.required("Ledger-Event-Id"),
              operator,
              "Ledger-Min-Position",
              delivered.required("Ledger-Position"));

      assertThat(event.expect(200).required("Ledger-Position"))
          .isEqualTo(delivered.required("Ledger-Position"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/history", "/signature"})
  void shouldSayHowFarAnAnswerReaches(String what) {
    var asked = ask(newDigest());

    var answer =
        client.get(
            signed + what, merchant, "Ledger-Min-Position", asked.required("Ledger-Position"));

    assertThat(offset(answer.expect(200).required("Ledger-Position")))
        .isGreaterThanOrEqualTo(offset(asked.required("Ledger-Position")));
  }

  private static long offset(String position) {
    return Long.parseLong(position.substring(position.indexOf(':') + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/history", "/signature"})
  void shouldNotAnswerFromBeforeThePositionAskedFor(String what) {
    var position = ask(newDigest()).required("Ledger-Position");
    var ahead = position.replaceFirst(":.*", ":999999999");

    var answer = client.get(signed + what, merchant, "Ledger-Min-Position", ahead);

    answer.expectProblem(503, "position_not_reached");
    assertThat(answer.json().path("retryable").asBoolean()).isTrue();
    assertThat(answer.header("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0:", ":0", "0:-1", "-1:0", "0:x", "0:1;1:2", "0:99999999999999999999"})
  void shouldRefuseAPositionThatIsNone(String position) {
    client
        .get(PATH, merchant, "Ledger-Min-Position", position)
        .expectProblem(400, "invalid_parameter");
  }

  // ---- history

  @Test
  void shouldLeadFromEachStepToItsFact() {
    var requestId = signed.substring(signed.lastIndexOf('/') + 1);

    var steps = client.get(signed + "/history", merchant).expect(200).json().path("items");

    assertThat(steps).hasSizeGreaterThanOrEqualTo(3);
    List<Long> offsets = new ArrayList<>();
    for (var step : steps) {
      var fact = client.event(step.path("event_id").asText());
      assertThat(fact.path("type")).isEqualTo(step.path("type"));
      assertThat(fact.at("/payload/request_id").asText()).isEqualTo(requestId);
      assertThat(fact.path("shop").asText()).isEqualTo(ACME);
      offsets.add(fact.path("offset").asLong());
    }
    assertThat(offsets).isSorted().doesNotHaveDuplicates();
    assertThat(steps.path(steps.size() - 1).path("status").asText()).isEqualTo("SIGNED");
  }

  // ---- lists that hold still

  @ParameterizedTest
  @ValueSource(strings = {"desc", "asc"})
  void shouldListRequestsOnceEachWhileNewOnesCome(String order) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      known.add(id(ask(newDigest())));
    }

    var seen = pages(PATH + "?limit=2&order=" + order, "request_id");

    assertThat(seen).doesNotHaveDuplicates().containsAll(known);
    assertThat(seen.stream().filter(known::contains))
        .containsExactlyElementsOf(order.equals("asc") ? known : known.reversed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"desc", "asc"})
  void shouldListTheFactsOfAllShopsOnceEachWhileNewOnesCome(String order) {
    var elsewhere = PATH.replace(ACME, SNOWDEVIL);
    List<String> known = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      known.add(ask(newDigest()).required("Ledger-Event-Id"));
      known.add(
          client
              .postJson(elsewhere, stranger, request(newDigest()))
              .expect(202)
              .required("Ledger-Event-Id"));
    }

    var seen = pages("/v1/events?type=SigningRequested&limit=3&order=" + order, "event_id");

    assertThat(seen).doesNotHaveDuplicates().containsAll(known);
    assertThat(seen.stream().filter(known::contains))
        .containsExactlyElementsOf(order.equals("asc") ? known : known.reversed());
  }

  /** That field of each item, page by page, with another request made between any two pages. */
  private static List<String> pages(String path, String field) {
    List<String> seen = new ArrayList<>();
    var page = client.get(path, operator).expect(200).json();
    page.path("items").forEach(item -> seen.add(item.path(field).asText()));
    for (int pages = 1; pages < 200 && page.path("next").isTextual(); pages++) {
      if (pages < 10) {
        ask(newDigest());
      }
      var cursor = LedgerClient.encode(page.path("next").asText());
      page = client.get(path + "&cursor=" + cursor, operator).expect(200).json();
      page.path("items").forEach(item -> seen.add(item.path(field).asText()));
    }
    assertThat(page.path("next").isNull()).as("the list ends").isTrue();
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "%C3%A9", "a", "MDE5", "////", "OzAtOTk5"})
  void shouldRefuseACursorThatItDidNotGive(String cursor) {
    client.get(PATH + "?cursor=" + cursor, operator).expectProblem(400, "invalid_parameter");
  }

  // ---- the decision comes first

  /** A call and what is to be decided about it. */
  record Call(Supplier<Answer> send, int status, String decision) {}

  static Stream<Arguments> calls() {
    var digest = newDigest();
    byte[] image = TestNode.image("png", 504);
    var asset = "/v1/shops/" + ACME + "/assets/" + TestNode.hex(TestNode.sha256(image));
    return Stream.of(
        call("create", () -> client.postJson(PATH, merchant, request(digest)), 202, "ALLOW"),
        call("upload", () -> client.send("PUT", asset, merchant, image), 201, "ALLOW"),
        call("list", () -> client.get(PATH, merchant), 200, "ALLOW"),
        call("status", () -> client.get(signed, merchant), 200, "ALLOW"),
        call("history", () -> client.get(signed + "/history", merchant), 200, "ALLOW"),
        call("signature", () -> client.get(signed + "/signature", merchant), 200, "ALLOW"),
        call("trail", () -> client.get("/v1/shops/" + ACME + "/events", merchant), 200, "ALLOW"),
        call("all", () -> client.get("/v1/events", operator), 200, "ALLOW"),
        call("no such request", () -> client.get(PATH + "/none", merchant), 404, "ALLOW"),
        call("not a request", () -> client.postJson(PATH, merchant, "{"), 400, "ALLOW"),
        call(
            "no such shop",
            () -> client.get(UNKNOWN + "/signing-requests", operator),
            404,
            "ALLOW"),
        call(
            "nobody's shop",
            () -> client.get(UNKNOWN + "/signing-requests", merchant),
            403,
            "DENY"),
        call("other's status", () -> client.get(signed, stranger), 403, "DENY"),
        call(
            "other's trail",
            () -> client.get("/v1/shops/" + ACME + "/events", stranger),
            403,
            "DENY"),
        call("all to a merchant", () -> client.get("/v1/events", merchant), 403, "DENY"),
        call(
            "create, by an auditor",
            () -> client.postJson(PATH, client.role("auditor"), request(digest)),
            403,
            "DENY"));
  }

  private static Arguments call(String name, Supplier<Answer> send, int status, String decision) {
    return Arguments.of(name, new Call(send, status, decision));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void shouldHaveItsDecisionInTheLogWhenTheAnswerArrives(String name, Call call) {
    var before = log.ends();
    var answer = call.send().get().expect(call.status());
    var requestId = answer.required("Ledger-Request-Id");

    var decisions =
        log.between(before, log.ends()).stream()
            .filter(fact -> fact.type().equals("AuthDecided") && fact.says(requestId))
            .toList();

    assertThat(decisions).as(name).hasSize(1);
    var payload = client.event(decisions.getFirst().id()).path("payload");
    assertThat(payload.path("request_id").asText()).isEqualTo(requestId);
    assertThat(payload.path("decision").asText()).isEqualTo(call.decision());
  }

  @Test
  void shouldDecideBeforeItWritesWhatWasAskedFor() {
    var before = log.ends();
    var asked = ask(newDigest());
    var facts = log.between(before, log.ends());

    var decision =
        facts.stream()
            .filter(fact -> fact.says(asked.required("Ledger-Request-Id")))
            .findFirst()
            .orElseThrow();
    var request =
        facts.stream()
            .filter(fact -> fact.id().equals(asked.required("Ledger-Event-Id")))
            .findFirst()
            .orElseThrow();

    assertThat(decision.type()).isEqualTo("AuthDecided");
    assertThat(request.type()).isEqualTo("SigningRequested");
    assertThat(decision.position().partition()).isEqualTo(request.position().partition());
    assertThat(decision.position().offset()).isLessThan(request.position().offset());
    assertThat(client.event(request.id()).path("correlation_id").asText()).isEqualTo(decision.id());
  }

  // ---- shops

  static Stream<Supplier<Answer>> callsOfAStranger() {
    byte[] image = TestNode.image("png", 505);
    var sha256 = TestNode.hex(TestNode.sha256(image));
    return Stream.of(
        () -> client.postJson(PATH, stranger, request(newDigest())),
        () ->
            client.postForm(
                PATH,
                stranger,
                List.of(Part.request("{}"), Part.file("front.png", "image/png", image))),
        () -> client.send("PUT", "/v1/shops/" + ACME + "/assets/" + sha256, stranger, image),
        () -> client.postJson(UNKNOWN + "/signing-requests", stranger, request(newDigest())),
        () -> client.send("PUT", UNKNOWN + "/assets/" + sha256, stranger, image));
  }

  @ParameterizedTest
  @MethodSource("callsOfAStranger")
  void shouldTakeNothingFromTheMerchantOfAnotherShop(Supplier<Answer> call) {
    var before = log.ends();

    call.get().expectProblem(403, "forbidden");

    assertThat(log.between(before, log.ends()))
        .extracting(Fact::type)
        .doesNotContain("AssetStored", "SigningRequested");
  }

  @Test
  void shouldNotShowARequestUnderAnotherShop() {
    var elsewhere = signed.replace(ACME, SNOWDEVIL);
    for (var what : List.of("", "/history", "/signature")) {
      client.get(elsewhere + what, stranger).expectProblem(404, "not_found");
      client.get(elsewhere + what, operator).expectProblem(404, "not_found");
    }
    assertThat(client.all(PATH.replace(ACME, SNOWDEVIL) + "?limit=500", stranger))
        .noneMatch(item -> signed.endsWith("/" + item.path("request_id").asText()));
  }

  @Test
  void shouldKnowNoShopThatHasNotInstalledTheApp() {
    for (var what : List.of("/signing-requests", "/signing-requests/x/history", "/events")) {
      client.get(UNKNOWN + what, operator).expectProblem(404, "not_found");
    }
    client
        .postJson(UNKNOWN + "/signing-requests", operator, request(newDigest()))
        .expectProblem(404, "not_found");
  }
}
