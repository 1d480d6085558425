package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a merchant's system asks for by REST, and who may ask. */
class DirectRequestTest {

  private static final String PATH = "/v1/shops/" + ACME + "/signing-requests";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Caller merchant;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    merchant = client.merchant(ACME);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  // ---- formats

  @Test
  void shouldGiveNoSignatureInAFormatThatWasNotMade() {
    var location =
        ask(TestNode.sha256("a catalogue photo".getBytes(UTF_8)), "jws").required("Location");
    client.awaitSigned(location, merchant);

    client
        .get(location + "/signature", merchant, "Accept", "application/cose")
        .expectProblem(406, "not_acceptable");
  }

  /** Nothing is signed again, and who asks is told whose result it is. */
  @Test
  void shouldAnswerTheSameAgainFromTheFirstResult() {
    byte[] digest = TestNode.sha256("asked for twice".getBytes(UTF_8));
    String first = ask(digest, "jws").required("Location");
    String signature = client.awaitSigned(first, merchant).path("signature").toString();

    Answer second = ask(digest, "jws");

    String firstId = first.substring(first.lastIndexOf('/') + 1);
    assertThat(second.json().path("status").asText()).isEqualTo("SIGNED");
    assertThat(second.json().path("same_as").asText()).isEqualTo(firstId);
    assertThat(second.json().path("request_id").asText()).isNotEqualTo(firstId);
    assertThat(second.json().path("signature").toString()).isEqualTo(signature);
    assertThat(second.json().path("attempt").asInt()).isZero();
    assertThat(ask(digest, "jws").json().path("same_as").asText()).isEqualTo(firstId);
    assertThat(ask(digest, "cose").json().has("same_as")).as("another template").isFalse();
    assertThat(client.get(first, merchant).json().has("same_as")).isFalse();
  }

  // ---- assets

  @Test
  void shouldSignAFileThatCameWithTheRequest() {
    var image = TestNode.image("jpeg", 21);

    var answer =
        client.postForm(
            PATH,
            merchant,
            List.of(
                Part.request("{\"signature_format\":\"cose\"}"),
                Part.file("front.jpg", "image/jpeg", image)),
            "Idempotency-Key",
            key());

    var status = client.awaitSigned(answer.expect(202).required("Location"), merchant);
    assertThat(status.path("asset_sha256").asText())
        .isEqualTo(TestNode.hex(TestNode.sha256(image)));
    assertThat(status.path("signature").path("alg").asText()).isEqualTo("ES256");
  }

  @Test
  void shouldSignAFileThatWasUploadedBefore() {
    var image = TestNode.image("png", 22);
    var sha256 = TestNode.hex(TestNode.sha256(image));
    client
        .send(
            "PUT",
            "/v1/shops/" + ACME + "/assets/" + sha256,
            merchant,
            image,
            "Content-Type",
            "image/png")
        .expect(201);

    var answer =
        client.postJson(
            PATH,
            merchant,
            json(Map.of("asset_sha256", sha256, "signature_format", "jws")),
            "Idempotency-Key",
            key());

    client.awaitSigned(answer.expect(202).required("Location"), merchant);
  }

  @Test
  void shouldRefuseAnAssetUnderAnotherDigest() {
    var image = TestNode.image("png", 23);

    client
        .send(
            "PUT",
            "/v1/shops/" + ACME + "/assets/" + "0".repeat(64),
            merchant,
            image,
            "Content-Type",
            "image/png")
        .expectProblem(422, "digest_mismatch");
    client
        .postJson(
            PATH,
            merchant,
            json(Map.of("asset_sha256", "1".repeat(64), "signature_format", "cose")))
        .expectProblem(422, "unprocessable");
  }

  static Stream<byte[]> noImages() {
    var cut = TestNode.image("jpeg", 24);
    return Stream.of("plain text".getBytes(UTF_8), new byte[0], java.util.Arrays.copyOf(cut, 40));
  }

  @ParameterizedTest
  @MethodSource("noImages")
  void shouldRefuseAFileThatIsNoImage(byte[] file) {
    var answer =
        client.postForm(
            PATH,
            merchant,
            List.of(
                Part.request("{\"signature_format\":\"cose\"}"),
                Part.file("front.jpg", "image/jpeg", file)));

    assertThat(answer.status()).isBetween(400, 422);
    answer.expectProblem(answer.status(), problem(answer));
  }

  private static String problem(Answer answer) {
    var type = answer.json().path("type").asText();
    return type.substring(type.lastIndexOf('/') + 1);
  }

  // ---- requests

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"signature_format\":\"cose\"}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"zz\"},\"signature_format\":\"cose\"}",
        "{\"digest\":{\"alg\":\"md5\",\"value\":\"00\"},\"signature_format\":\"cose\"}",
        "{\"digest\":\"00\",\"signature_format\":\"cose\"}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%1$s\"},\"signature_format\":\"pgp\"}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%1$s\"},\"signature_format\":\"cose\",\"lane\":\"fast\"}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%1$s\"},\"signature_format\":\"cose\",\"colour\":1}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%1$s\"},\"asset_sha256\":\"%1$s\",\"signature_format\":\"cose\"}",
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%1$s\"},\"signature_format\":\"cose\",\"expires_at\":\"soon\"}"
      })
  void shouldRefuseARequestThatIsNone(String body) {
    var answer = client.postJson(PATH, merchant, body.formatted("ab".repeat(32)));

    assertThat(answer.status()).isIn(400, 422);
    answer.expectProblem(answer.status(), problem(answer));
  }

  @Test
  void shouldRefuseARequestThatHasExpired() {
    client
        .postJson(
            PATH,
            merchant,
            json(
                Map.of(
                    "digest", Map.of("alg", "sha-256", "value", "cd".repeat(32)),
                    "signature_format", "cose",
                    "expires_at", "2020-01-01T00:00:00Z")))
        .expect(422);
  }

  @Test
  void shouldMakeOneRequestOfEqualOnesUnderOneKeyAtOnce() throws Exception {
    var key = key();
    var digest = TestNode.sha256("idempotent".getBytes(UTF_8));
    List<Future<Answer>> answers = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 6; i++) {
        answers.add(threads.submit(() -> ask(digest, "cose", key)));
      }
    }

    var ids = new HashSet<String>();
    for (var answer : answers) {
      ids.add(answer.get().expect(202).json().path("request_id").asText());
    }
    assertThat(ids).hasSize(1);
    ask(TestNode.sha256("something else".getBytes(UTF_8)), "cose", key)
        .expectProblem(422, "idempotency_conflict");
  }

  @Test
  void shouldTellEveryStepOfARequest() {
    var location =
        ask(TestNode.sha256(UUID.randomUUID().toString().getBytes(UTF_8)), "cose")
            .required("Location");
    var status = client.awaitSigned(location, merchant);

    var history = client.get(location + "/history", merchant).expect(200).json().path("items");

    assertThat(history)
        .extracting(step -> step.path("status").asText())
        .containsSubsequence("REQUESTED", "QUEUED", "SIGNED");
    assertThat(history)
        .allSatisfy(step -> assertThat(Instant.parse(step.path("at").asText())).isNotNull());
    assertThat(status.path("events"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(history.findValuesAsText("event_id"));
  }

  // ---- who may

  @Test
  void shouldLetNobodyInWithoutAToken() {
    client.get(PATH, Caller.NOBODY).expectProblem(401, "unauthenticated");
    client.get(PATH, Caller.with("nonsense")).expectProblem(401, "unauthenticated");
    client.get("/v1/events", Caller.NOBODY).expectProblem(401, "unauthenticated");
  }

  @Test
  void shouldKeepShopsApart() {
    var location = ask(TestNode.sha256("mine".getBytes(UTF_8)), "cose").required("Location");
    var other = client.merchant(SNOWDEVIL);

    client.get(location, other).expectProblem(403, "forbidden");
    client.get(PATH, other).expectProblem(403, "forbidden");
    client.get(location.replace(ACME, SNOWDEVIL), other).expectProblem(404, "not_found");
    client.get("/v1/shops/nobody.myshopify.com/signing-requests", merchant).expect(403);
    client.get("/v1/events", merchant).expectProblem(403, "forbidden");
  }

  // ---- the trail

  @Test
  void shouldKeepACursorStableWhileTheLogGrows() {
    for (int i = 0; i < 5; i++) {
      ask(TestNode.sha256(("page " + i).getBytes(UTF_8)), "cose").expect(202);
    }
    var auditor = client.role("auditor");
    var path = "/v1/shops/" + ACME + "/events?type=SigningRequested&limit=2";
    var whole = client.awaitAll(path, auditor, items -> items.size() >= 5);
    var first = client.get(path, auditor).expect(200).json();
    ask(TestNode.sha256("newer".getBytes(UTF_8)), "cose").expect(202);
    client.awaitAll(path, auditor, items -> items.size() > whole.size());

    List<String> seen = new ArrayList<>();
    var page = first;
    for (int pages = 0; pages < 20; pages++) {
      page.path("items").forEach(item -> seen.add(item.path("event_id").asText()));
      if (!page.path("next").isTextual()) {
        break;
      }
      var next = LedgerClient.encode(page.path("next").asText());
      page = client.get(path + "&cursor=" + next, auditor).expect(200).json();
    }
    assertThat(seen)
        .doesNotHaveDuplicates()
        .containsAll(whole.stream().map(item -> item.path("event_id").asText()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=501",
        "limit=0",
        "limit=x",
        "cursor=nonsense",
        "from=yesterday",
        "order=up",
        "type=NoSuchThing",
        "limit=1&limit=2"
      })
  void shouldRefuseAListThatCannotBe(String query) {
    var answer = client.get("/v1/events?" + query, client.role("auditor"));

    answer.expectProblem(400, problem(answer));
  }

  private static Answer ask(byte[] digest, String format) {
    return ask(digest, format, key());
  }

  private static Answer ask(byte[] digest, String format, String key) {
    return client.postJson(
        PATH,
        merchant,
        json(
            Map.of(
                "digest",
                Map.of("alg", "sha-256", "value", TestNode.hex(digest)),
                "signature_format",
                format)),
        "Idempotency-Key",
        key);
  }

  private static String key() {
    return "\"" + UUID.randomUUID() + "\"";
  }
}
