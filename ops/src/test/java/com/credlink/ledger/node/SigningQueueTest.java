package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.PATIENCE;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do to requests, on a node whose jobs nobody takes: this test is the worker, where one
 * is needed. Requests of Acme need two approvals.
 */
class SigningQueueTest {

  private static final String ANY =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            directory,
            """
            roles: [api, topology, clerk]
            signing.approvals: {required: 2, shops: [%s]}
            """
                .formatted(ACME));
    client = node.client();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String requests(String shop) {
    return "/v1/shops/" + shop + "/signing-requests";
  }

  private static String request(String shop, String digest, Caller caller) {
    return client
        .postJson(
            requests(shop),
            caller,
            json(Map.of("digest", Map.of("alg", "sha-256", "value", digest))))
        .expect(202)
        .required("Location");
  }

  private static String status(String location, Caller caller) {
    return client.get(location, caller).expect(200).json().path("status").asText();
  }

  private static void awaitStatus(String location, Caller caller, String status) {
    await(status).atMost(PATIENCE).until(() -> status(location, caller).equals(status));
  }

  private static Answer word(String location, Caller operator, String decision, String digest) {
    return client.postJson(
        location + "/approvals", operator, json(Map.of("digest", digest, "decision", decision)));
  }

  private static Caller anotherOperator() {
    Answer made =
        client
            .postJson("/v1/tokens", client.role("admin"), json(Map.of("role", "operator")))
            .expect(201);
    return Caller.with(made.json().path("token").asText());
  }

  // ---- approvals

  @Test
  void shouldQueueARequestThatTwoOperatorsHaveApproved() {
    Caller merchant = client.merchant(ACME);
    Caller first = client.role("operator");
    Caller second = anotherOperator();
    String location = request(ACME, ANY, merchant);
    assertThat(status(location, merchant)).isEqualTo("AWAITING_APPROVAL");

    word(location, merchant, "approve", ANY).expect(403);
    word(location, first, "approve", "0".repeat(64)).expectProblem(422, "unprocessable");
    word(location, first, "approve", ANY).expect(202);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.get(location, merchant).json().path("approvals").toString())
                    .isEqualTo("{\"required\":2,\"given\":1}"));
    Answer twice = word(location, first, "approve", ANY).expectProblem(409, "state_conflict");
    assertThat(twice.json().path("detail").asText()).contains("another operator");
    word(location, second, "approve", ANY).expect(202);
    awaitStatus(location, merchant, "QUEUED");
    word(location, second, "reject", ANY).expectProblem(409, "state_conflict");

    List<String> details =
        client.get(location + "/history", merchant).json().findValuesAsText("detail");
    assertThat(details).containsExactly("", "1 of 2", "2 of 2", "");
  }

  @Test
  void shouldNotCountAnOperatorsApprovalOfHisOwnRequest() {
    Caller operator = client.role("operator");
    String location = request(ACME, ANY, operator);

    Answer own = word(location, operator, "approve", ANY).expectProblem(409, "state_conflict");
    assertThat(own.json().path("detail").asText()).contains("You have made this request");
    word(location, anotherOperator(), "reject", ANY).expect(202);
    awaitStatus(location, operator, "REJECTED");
  }

  // ---- cancel and redrive

  @Test
  void shouldCancelWhatNobodyHasBegun() {
    Caller merchant = client.merchant(SNOWDEVIL);
    String location = request(SNOWDEVIL, random(), merchant);

    client.postJson(location + "/cancel", client.merchant(ACME), "{}").expect(403);
    client.postJson(location + "/cancel", merchant, "{\"why\":1}").expectProblem(400, "malformed");
    client.send("POST", location + "/cancel", merchant, new byte[0]).expect(202);
    awaitStatus(location, merchant, "CANCELLED");
    client.postJson(location + "/cancel", merchant, "").expectProblem(409, "state_conflict");
    client
        .postJson(requests(SNOWDEVIL) + "/no-such/cancel", merchant, "")
        .expectProblem(404, "not_found");
  }

  @Test
  void shouldSendADeadLetteredRequestOn() {
    Caller merchant = client.merchant(SNOWDEVIL);
    Caller operator = client.role("operator");
    String location = request(SNOWDEVIL, random(), merchant);
    awaitStatus(location, merchant, "QUEUED");
    client.postJson(location + "/redrive", operator, "").expectProblem(409, "state_conflict");

    SigningStarted started = start(location, merchant);
    awaitStatus(location, merchant, "SIGNING");
    client.postJson(location + "/cancel", merchant, "").expectProblem(409, "state_conflict");
    node.node()
        .log()
        .ledger()
        .append(
            new SigningAttemptFailed(
                header(started.tenant(), started.eventId()),
                started.requestId(),
                1,
                "key_unavailable",
                "The key was retired.",
                false,
                Optional.empty()))
        .join();
    awaitStatus(location, merchant, "DEAD_LETTERED");
    assertThat(unrecorded(started)).isEmpty();

    client.postJson(location + "/redrive", merchant, "").expect(403);
    client.postJson(location + "/redrive", operator, "").expect(202);
    awaitStatus(location, merchant, "QUEUED");
    assertThat(client.get(location, merchant).json().path("attempt").asInt()).isEqualTo(2);
  }

  // ---- what may have been signed

  @Test
  void shouldListStartsThatHaveNoOutcome() {
    Caller merchant = client.merchant(SNOWDEVIL);
    String location = request(SNOWDEVIL, random(), merchant);
    awaitStatus(location, merchant, "QUEUED");
    SigningStarted lost = start(location, merchant);
    await().atMost(PATIENCE).until(() -> unrecorded(lost).isPresent());
    assertThat(unrecorded(lost).orElseThrow().path("under_way").asBoolean()).isTrue();

    SigningStarted again = start(location, merchant);
    await().atMost(PATIENCE).until(() -> unrecorded(again).isPresent());
    assertThat(unrecorded(lost).orElseThrow().path("under_way").asBoolean())
        .as("another has begun: it will say no more")
        .isFalse();
    assertThat(unrecorded(lost).orElseThrow().path("worker").asText()).isEqualTo("test");

    JsonNode page = client.get(unrecordedPath() + "?limit=1", merchant).expect(200).json();
    String next = page.path("next").asText();
    JsonNode second = client.get(unrecordedPath() + "?cursor=" + next, merchant).json();
    assertThat(second.findValuesAsText("started_event_id"))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(page.findValuesAsText("started_event_id"));
    client.get(unrecordedPath() + "?cursor=x", merchant).expectProblem(400, "invalid_parameter");
  }

  private static String unrecordedPath() {
    return "/v1/shops/" + SNOWDEVIL + "/unrecorded-signatures";
  }

  private static Optional<JsonNode> unrecorded(SigningStarted start) {
    JsonNode list = client.get(unrecordedPath(), client.role("auditor")).expect(200).json();
    for (JsonNode item : list.path("items")) {
      if (item.path("started_event_id").asText().equals(start.eventId())) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  // ---- batches

  @Test
  void shouldTakeWhatIsGoodInABatchAndSayWhatIsNot() {
    Caller merchant = client.merchant(SNOWDEVIL);
    String batch =
        """
        {"items": [{"digest": {"alg": "sha-256", "value": "%s"}, "lane": "bulk"},
                   {"asset_sha256": "%s"},
                   {"signature_format": "wax"},
                   7,
                   {"digest": {"alg": "sha-256", "value": "%s"}}]}
        """
            .formatted(random(), random(), random());
    String key = UUID.randomUUID().toString();

    JsonNode answer = batch(merchant, batch, key).expect(202).json();
    JsonNode items = answer.path("items");
    assertThat(items.findValuesAsText("index")).containsExactly("0", "1", "2", "3", "4");
    assertThat(items.path(1).path("problem").path("status").asInt()).isEqualTo(422);
    assertThat(items.path(2).path("problem").path("type").asText()).endsWith("/unprocessable");
    assertThat(items.path(3).path("problem").path("status").asInt()).isEqualTo(400);
    assertThat(items.path(0).path("receipt").asText()).isNotBlank();
    String id = items.path(0).path("request_id").asText();
    JsonNode made = client.get(requests(SNOWDEVIL) + "/" + id, merchant).expect(200).json();
    assertThat(made.path("lane").asText()).isEqualTo("bulk");

    JsonNode again = batch(merchant, batch, key).expect(202).json();
    assertThat(again.findValuesAsText("request_id"))
        .isEqualTo(items.findValuesAsText("request_id"));
    batch(merchant, "{\"items\": []}", key).expectProblem(400, "malformed");
    batch(merchant, "{\"items\": [" + "1,".repeat(500) + "1]}", key).expect(413);
  }

  private static Answer batch(Caller caller, String body, String key) {
    return client.postJson(requests(SNOWDEVIL) + ":batch", caller, body, "Idempotency-Key", key);
  }

  // ---- this test as a worker

  private static SigningStarted start(String location, Caller merchant) {
    JsonNode status = client.get(location, merchant).expect(200).json();
    String eventId = status.path("events").path(0).asText();
    String tenant = client.event(eventId).path("tenant").asText();
    SigningStarted started =
        new SigningStarted(header(tenant, eventId), status.path("request_id").asText(), 1, "test");
    node.node().log().ledger().append(started).join();
    return started;
  }

  private static EventHeader header(String tenant, String causationId) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    return new EventHeader(
        UUID.randomUUID().toString(),
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "test"),
        "signer",
        "test",
        Optional.of(causationId),
        Optional.empty());
  }

  private static String random() {
    return TestNode.hex(
        TestNode.sha256(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
  }
}
