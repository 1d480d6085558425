package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions of enforcement points outside, from the request to the trail. */
class AuthDecisionsTest {

  private static final String PATH = "/v1/auth-decisions";
  private static final int MAX_ITEMS = 500;
  private static final String KEY = "Idempotency-Key";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Caller producer;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    producer = client.role("producer");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ObjectNode decision() {
    ObjectNode decision = JsonNodeFactory.instance.objectNode();
    decision.put("occurred_at", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
    decision.putObject("subject").put("type", "operator").put("id", "user-7f3a");
    decision.put("decision", "deny").put("role", "support").put("action", "order.refund");
    decision.putObject("resource").put("type", "order").put("id", "gid://shopify/Order/45");
    decision.put("reason", "amount_over_limit").put("enforcement_point", "backoffice/eu-1");
    return decision;
  }

  private static ObjectNode decision(Consumer<ObjectNode> change) {
    ObjectNode decision = decision();
    change.accept(decision);
    return decision;
  }

  private static ObjectNode batch(ObjectNode... decisions) {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    ArrayNode items = batch.putArray("items");
    List.of(decisions).forEach(items::add);
    return batch;
  }

  private static Answer post(JsonNode body, String... headers) {
    return client.postJson(PATH, producer, body.toString(), headers);
  }

  /** Decisions with this request id, once the folds have come to {@code count} of them. */
  private static List<JsonNode> recorded(String requestId, int count) {
    return await()
        .atMost(LedgerClient.PATIENCE)
        .until(() -> recorded(requestId), found -> found.size() >= count);
  }

  /** Decisions in the trail with this request id. */
  private static List<JsonNode> recorded(String requestId) {
    return client.facts(Optional.empty(), "AuthDecided").stream()
        .filter(fact -> fact.path("payload").path("request_id").asText().equals(requestId))
        .toList();
  }

  private static String newRequestId() {
    return UUID.randomUUID().toString();
  }

  // ---- what becomes of a decision

  @Test
  void shouldRecordTheDecisionAsItWasMade() {
    ObjectNode decision =
        decision(
            d -> {
              d.put("shop", SNOWDEVIL).put("request_id", "8f14e45f");
              d.putArray("policies").addObject().put("id", "refunds").put("version", "14");
              d.putArray("factors").add("password").add("webauthn");
              d.putArray("masked_paths").add("/customer/email");
            });

    Answer answer = post(decision).expect(202);

    JsonNode event = client.event(answer.required("Ledger-Event-Id"));
    assertThat(answer.json().path("event_id").asText()).isEqualTo(event.path("event_id").asText());
    assertThat(answer.required("Ledger-Position"))
        .isEqualTo(event.path("partition").asText() + ":" + event.path("offset").asText());
    assertThat(event.path("type").asText()).isEqualTo("AuthDecided");
    assertThat(event.path("shop").asText()).isEqualTo(SNOWDEVIL);
    assertThat(event.path("source").asText()).isEqualTo("gateway/decisions");
    assertThat(event.path("actor").path("type").asText()).isEqualTo("OPERATOR");
    assertThat(event.path("actor").path("id").asText()).isEqualTo("user-7f3a");
    assertThat(Instant.parse(event.path("occurred_at").asText()))
        .isEqualTo(Instant.parse(decision.path("occurred_at").asText()));
    assertThat(event.path("payload"))
        .isEqualTo(
            decision
                .deepCopy()
                .put("decision", "DENY")
                .without(List.of("shop", "occurred_at", "subject")));
  }

  @Test
  void shouldLeadFromTheDecisionToTheProducerThatSentIt() {
    Answer answer = post(decision()).expect(202);

    JsonNode event = client.event(answer.required("Ledger-Event-Id"));
    JsonNode cause = client.event(event.path("causation_id").asText());

    assertThat(cause.path("actor").path("type").asText()).isEqualTo("PRODUCER");
    assertThat(cause.path("payload").path("action").asText()).isEqualTo("decision.append");
    assertThat(cause.path("payload").path("decision").asText()).isEqualTo("ALLOW");
    assertThat(event.path("tenant").asText()).isEqualTo("platform");
  }

  @Test
  void shouldTakeABatchAndSayWhereEachOfItIs() {
    String requestId = newRequestId();

    Answer answer =
        post(batch(
                decision(d -> d.put("shop", ACME).put("request_id", requestId)),
                decision(d -> d.put("request_id", requestId).put("action", "report.send"))))
            .expect(202);

    JsonNode items = answer.json().path("items");
    assertThat(items).hasSize(2);
    assertThat(answer.header("Ledger-Event-Id")).isEmpty();
    JsonNode second = client.event(items.path(1).path("event_id").asText());
    assertThat(second.path("payload").path("action").asText()).isEqualTo("report.send");
    assertThat(items.path(1).path("position").asText())
        .isEqualTo(second.path("partition").asText() + ":" + second.path("offset").asText());
    assertThat(client.event(items.path(0).path("event_id").asText()).path("shop").asText())
        .isEqualTo(ACME);
    // A read that waits for the answer's position sees all of them.
    assertThat(
            client
                .get(
                    "/v1/events?type=AuthDecided&limit=500",
                    client.role("auditor"),
                    "Ledger-Min-Position",
                    answer.required("Ledger-Position"))
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("request_id"))
        .contains(requestId, requestId);
  }

  // ---- idempotency

  @Test
  void shouldGiveTheFirstAnswerForTheSameKeyAndContent() {
    String requestId = newRequestId();
    ObjectNode batch =
        batch(
            decision(d -> d.put("shop", ACME).put("request_id", requestId)),
            decision(d -> d.put("request_id", requestId)));
    ObjectNode reordered = batch.deepCopy();
    JsonNode reason = ((ObjectNode) reordered.path("items").get(0)).remove("reason");
    ((ObjectNode) reordered.path("items").get(0)).set("reason", reason);
    String key = UUID.randomUUID().toString();

    Answer first = post(batch, KEY, key).expect(202);
    Answer again = post(reordered, KEY, key).expect(202);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(recorded(requestId)).hasSize(2);
  }

  @Test
  void shouldRefuseTheSameKeyForOtherDecisions() {
    String requestId = newRequestId();
    ObjectNode decision = decision(d -> d.put("request_id", requestId));
    ObjectNode other = decision.deepCopy().put("shop", ACME).put("decision", "allow");
    String key = UUID.randomUUID().toString();
    post(decision, KEY, key).expect(202);

    Answer changed = post(other, KEY, key);
    Answer longer = post(batch(decision, other), KEY, key);

    changed.expectProblem(422, "idempotency_conflict");
    longer.expectProblem(422, "idempotency_conflict");
    assertThat(recorded(requestId)).hasSize(1);
  }

  @Test
  void shouldKeepTheKeysOfCallersApart() throws Exception {
    String requestId = newRequestId();
    ObjectNode decision = decision(d -> d.put("request_id", requestId));
    Caller other = bound(ACME);
    String key = UUID.randomUUID().toString();

    post(decision, KEY, key).expect(202);
    client.postJson(PATH, other, decision.toString(), KEY, key).expect(202);

    assertThat(recorded(requestId)).hasSize(2);
  }

  @Test
  void shouldMakeOneFactOfEightRequestsAtOnce() throws Exception {
    String requestId = newRequestId();
    ObjectNode decision = decision(d -> d.put("request_id", requestId));
    String key = UUID.randomUUID().toString();
    List<JsonNode> answers = new ArrayList<>();

    try (var callers = Executors.newFixedThreadPool(8)) {
      Callable<Answer> call = () -> post(decision, KEY, key);
      for (Future<Answer> answer : callers.invokeAll(Collections.nCopies(8, call))) {
        answers.add(answer.get().expect(202).json());
      }
    }

    assertThat(answers)
        .extracting(a -> a.path("event_id").asText())
        .containsOnly(answers.getFirst().path("event_id").asText());
    assertThat(recorded(requestId).stream().filter(fact -> !fact.has("duplicate_of"))).hasSize(1);
  }

  // ---- permission

  @Test
  void shouldLetProducersAppendAndNobodyElse() {
    String body = decision().toString();

    client.postJson(PATH, Caller.NOBODY, body).expectProblem(401, "unauthenticated");
    for (String role : List.of("operator", "auditor", "privacy-officer", "admin")) {
      client.postJson(PATH, client.role(role), body).expectProblem(403, "forbidden");
    }
    client.postJson(PATH, client.merchant(ACME), body).expectProblem(403, "forbidden");
  }

  @Test
  void shouldKeepABoundProducerInItsShop() throws Exception {
    Caller bound = bound(ACME);
    String requestId = newRequestId();
    ObjectNode own = decision(d -> d.put("request_id", requestId));
    ObjectNode named = decision(d -> d.put("request_id", requestId).put("shop", ACME));
    ObjectNode foreign = decision(d -> d.put("request_id", requestId).put("shop", SNOWDEVIL));
    ObjectNode unknown = decision(d -> d.put("shop", "nobody.myshopify.com"));

    client.postJson(PATH, bound, batch(own, named).toString()).expect(202);
    Answer refused =
        client
            .postJson(PATH, bound, batch(named, foreign).toString())
            .expectProblem(403, "forbidden");
    client.postJson(PATH, bound, unknown.toString()).expectProblem(403, "forbidden");

    assertThat(recorded(requestId, 2))
        .hasSize(2)
        .allMatch(fact -> fact.path("shop").asText().equals(ACME));
    List<JsonNode> denied = recorded(refused.required("Ledger-Request-Id"), 1);
    assertThat(denied).hasSize(1);
    assertThat(denied.getFirst().path("shop").asText()).isEqualTo(SNOWDEVIL);
    assertThat(denied.getFirst().path("payload").path("reason").asText()).isEqualTo("other_shop");
  }

  /** A producer that is bound to a shop. */
  private static Caller bound(String shop) {
    var made =
        client
            .postJson(
                "/v1/tokens",
                client.role("admin"),
                LedgerClient.json(Map.of("role", "producer", "shop", shop)))
            .expect(201);
    return Caller.with(made.json().path("token").asText());
  }

  // ---- what is refused

  static Stream<Arguments> wrong() {
    Instant tooFar = Instant.now().plus(1, ChronoUnit.HOURS);
    return Stream.of(
        Arguments.of(422, "decision", decision(d -> d.put("decision", "perhaps"))),
        Arguments.of(400, "decision", decision(d -> d.remove("decision"))),
        Arguments.of(400, "subject", decision(d -> d.remove("subject"))),
        Arguments.of(400, "subject.name", named("name", "somebody")),
        Arguments.of(422, "subject.id", named("id", "ada@example.com")),
        Arguments.of(422, "subject.id", named("id", "Ada Lovelace")),
        Arguments.of(422, "subject.type", named("type", "shopify")),
        Arguments.of(422, "role", decision(d -> d.put("role", "r".repeat(256)))),
        Arguments.of(422, "reason", decision(d -> d.put("reason", ""))),
        Arguments.of(400, "action", decision(d -> d.put("action", 7))),
        Arguments.of(400, "factors", decision(d -> d.put("factors", "password"))),
        Arguments.of(422, "factors[1]", decision(d -> d.putArray("factors").add("a").add("b c"))),
        Arguments.of(422, "factors", decision(AuthDecisionsTest::tooManyFactors)),
        Arguments.of(400, "policies[0].version", decision(AuthDecisionsTest::policyAlone)),
        Arguments.of(400, "occurred_at", decision(d -> d.put("occurred_at", "yesterday"))),
        Arguments.of(422, "occurred_at", decision(d -> d.put("occurred_at", tooFar.toString()))),
        Arguments.of(
            422, "enforcement_point", decision(d -> d.put("enforcement_point", "gateway/api"))),
        Arguments.of(422, "shop", decision(d -> d.put("shop", "nobody.myshopify.com"))),
        Arguments.of(400, "comment", decision(d -> d.put("comment", "no such field"))),
        Arguments.of(400, "items", batch()),
        Arguments.of(422, "items[1].reason", batch(decision(), decision(d -> d.put("reason", "")))),
        Arguments.of(400, "items[0]", decisionsOfWrongShape()));
  }

  private static ObjectNode named(String field, String value) {
    return decision(d -> ((ObjectNode) d.path("subject")).put(field, value));
  }

  private static void tooManyFactors(ObjectNode decision) {
    ArrayNode factors = decision.putArray("factors");
    for (int i = 0; i < 51; i++) {
      factors.add("factor-" + i);
    }
  }

  private static void policyAlone(ObjectNode decision) {
    decision.putArray("policies").addObject().put("id", "refunds");
  }

  private static ObjectNode decisionsOfWrongShape() {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    batch.putArray("items").add("allow");
    return batch;
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void shouldRefuseWhatIsWrongAndNameIt(int status, String field, ObjectNode body) {
    Answer answer = post(body);

    answer.expectProblem(status, status == 400 ? "malformed" : "unprocessable");
    assertThat(answer.json().path("detail").asText()).contains(field);
  }

  @Test
  void shouldTakeNothingOfABatchWithOneWrongDecision() {
    String requestId = newRequestId();
    ObjectNode right = decision(d -> d.put("request_id", requestId));

    post(batch(right, decision(d -> d.remove("role")))).expectProblem(400, "malformed");

    Answer later = post(decision()).expect(202);
    client.event(later.required("Ledger-Event-Id"));
    assertThat(recorded(requestId)).isEmpty();
  }

  @Test
  void shouldTakeAsManyAsTheLimitAndNoMore() {
    ObjectNode[] full = new ObjectNode[MAX_ITEMS];
    Arrays.setAll(full, i -> decision());
    ObjectNode[] oneMore = Arrays.copyOf(full, MAX_ITEMS + 1);
    oneMore[MAX_ITEMS] = decision();

    Answer taken = post(batch(full)).expect(202);

    assertThat(taken.json().path("items")).hasSize(MAX_ITEMS);
    post(batch(oneMore)).expectProblem(413, "too_large");
  }

  @Test
  void shouldRefuseWhatIsNoJsonObject() {
    for (String body : List.of("", "{", "[]", "{} {}", "{\"role\":\"a\",\"role\":\"b\"}")) {
      client.postJson(PATH, producer, body).expectProblem(400, "malformed");
    }
    client.postJson(PATH, producer, " ".repeat(1024 * 1024) + "{}").expectProblem(413, "too_large");
    post(decision(), KEY, "k".repeat(256)).expectProblem(400, "malformed");
  }

  @Test
  void shouldRecordTheCallThatItRefuses() {
    Answer refused = post(decision(d -> d.remove("role"))).expectProblem(400, "malformed");

    Answer later = post(decision()).expect(202);
    client.event(later.required("Ledger-Event-Id"));
    assertThat(recorded(refused.required("Ledger-Request-Id"))).hasSize(1);
  }
}
