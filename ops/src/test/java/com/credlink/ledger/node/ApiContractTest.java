package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.LedgerClient.utf8;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.node.ApiDescription.Example;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running node beside what it says of itself in openapi.yaml. */
class ApiContractTest {

  private static final String REQUESTS = "/v1/shops/" + SNOWDEVIL + "/signing-requests";
  private static final String IMAGE_DIGEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static ApiDescription description;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    description = ApiDescription.of(client.get("/openapi.yaml", Caller.NOBODY).expect(200).body());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  // ---- the document

  @Test
  void shouldDescribeEveryRouteThatTheServerHasAndNoOther() {
    Set<String> registered =
        node.node().server().unsafe.internalRouter.allHttpHandlers().stream()
            .map(parsed -> parsed.endpoint)
            .filter(endpoint -> endpoint.method.isHttpMethod())
            // HEAD is GET without the content (RFC 9110), which a description need not repeat.
            .filter(endpoint -> !endpoint.method.name().equals("HEAD"))
            // <path> takes slashes too, for which OpenAPI has no spelling.
            .map(
                endpoint ->
                    endpoint.method.name() + " " + endpoint.path.replaceAll("<(.*)>", "{$1}"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(registered).contains("POST /webhooks/shopify", "GET /openapi.yaml");
    assertThat(new TreeSet<>(description.operations().keySet())).isEqualTo(registered);
  }

  @Test
  void shouldShowExamplesThatFitTheirSchemas() {
    Map<String, List<String>> faults = new TreeMap<>();
    List<String> seen = new ArrayList<>();

    description.eachExample(
        (where, example) -> {
          seen.add(where);
          List<String> violations = description.violations(example.schema(), example.value());
          if (!violations.isEmpty()) {
            faults.put(where, violations);
          }
        });

    assertThat(seen).hasSizeGreaterThan(30);
    assertThat(faults).isEmpty();
  }

  @Test
  void shouldTakeEveryDecisionThatTheDocumentShows() {
    List<Example> examples = new ArrayList<>();
    description.eachExample(
        (where, example) -> {
          if (where.startsWith("/paths//v1/auth-decisions/post/requestBody")) {
            examples.add(example);
          }
        });

    assertThat(examples).hasSize(2);
    for (Example example : examples) {
      documented(
          client.postJson(
              "/v1/auth-decisions", client.role("producer"), example.value().toString()),
          202);
    }
  }

  @Test
  void shouldServeTheSameDocumentInThreeForms() {
    Answer asJson = documented(client.get("/openapi.json", Caller.NOBODY), 200);
    Answer page = documented(client.get("/docs", Caller.NOBODY), 200);

    assertThat(asJson.json()).isEqualTo(description.document());
    assertThat(page.required("Content-Type")).startsWith("text/html");
    assertThat(page.required("Content-Security-Policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text()).contains("<code>POST /v1/auth-decisions</code>");
    Answer again = client.get("/docs", Caller.NOBODY, "If-None-Match", page.required("ETag"));
    documented(again, 304);
  }

  // ---- the answers

  @Test
  void shouldAnswerWebhooksAsDescribed() {
    ShopifyDelivery delivery = node.delivery("products/update", ACME, product(newId()));

    documented(client.deliver(delivery), 200);
    documented(client.deliver(delivery.withBody(utf8("{}"))), 401);
    documented(client.deliver(delivery.without(ShopifyDelivery.HMAC)), 401);
    documented(client.deliver(delivery.without(ShopifyDelivery.TOPIC)), 400);
    documented(client.deliver(delivery.with(ShopifyDelivery.SHOP, "nobody.myshopify.com")), 403);
    documented(
        client.deliver(
            node.delivery("shop/update", ACME, json(Map.of("myshopify_domain", SNOWDEVIL)))),
        409);
    documented(client.deliver(node.delivery("products/update", ACME, new byte[6 << 20])), 413);
  }

  @Test
  void shouldAnswerSigningRequestsAsDescribed() {
    Caller merchant = client.merchant(SNOWDEVIL);
    byte[] image = TestNode.image("png", 1);
    String key = UUID.randomUUID().toString();

    Answer created =
        client.postForm(
            REQUESTS,
            merchant,
            List.of(Part.file("a.png", "image/png", image), Part.request("{}")),
            "Idempotency-Key",
            key);
    String location = documented(created, 202).required("Location");
    client.awaitSigned(location, merchant);
    Answer status = documented(client.get(location, merchant), 200);
    documented(client.get(location, merchant, "If-None-Match", status.required("ETag")), 304);
    documented(client.get(location + "?wait=soon", merchant), 400);
    documented(client.get(location + "/history", merchant), 200);
    documented(client.get(location + "/signature", merchant), 200);
    documented(client.get(location + "/signature", merchant, "Accept", "application/jose"), 406);
    documented(client.get(REQUESTS + "?status=SIGNED", merchant), 200);
    documented(client.get(REQUESTS + "?status=NONE", merchant), 400);
    documented(client.get(REQUESTS + "/no-such", merchant), 404);
    documented(client.get(REQUESTS, client.role("producer")), 403);
    documented(client.get(REQUESTS, Caller.NOBODY), 401);
    documented(client.get(REQUESTS, merchant, "Ledger-Min-Position", "0:999999999"), 503);
    documented(client.postJson(REQUESTS, merchant, "{}", "Idempotency-Key", key), 400);
    documented(
        client.postJson(REQUESTS, merchant, digest("9".repeat(64)), "Idempotency-Key", key), 422);
    documented(
        client.postForm(
            REQUESTS, merchant, List.of(Part.file("a.gif", "image/gif", utf8("GIF89a")))),
        415);
  }

  @Test
  void shouldAnswerWhatPeopleDoToRequestsAsDescribed() {
    Caller merchant = client.merchant(SNOWDEVIL);
    Caller operator = client.role("operator");
    Answer created = client.postJson(REQUESTS, merchant, digest("8".repeat(64))).expect(202);
    String location = created.required("Location");
    client.awaitSigned(location, merchant);

    for (String what : List.of("/cancel", "/redrive")) {
      documented(client.postJson(location + what, operator, ""), 409);
      documented(client.postJson(location + what, operator, "[]"), 400);
      documented(client.postJson(location + what, Caller.NOBODY, ""), 401);
      documented(client.postJson(location + what, client.role("auditor"), ""), 403);
      documented(client.postJson(REQUESTS + "/no-such" + what, operator, ""), 404);
    }
    String word = json(Map.of("digest", "8".repeat(64), "decision", "approve"));
    documented(client.postJson(location + "/approvals", operator, word), 409);
    documented(client.postJson(REQUESTS, merchant, digest("8".repeat(64))), 202);

    String unrecorded = "/v1/shops/" + SNOWDEVIL + "/unrecorded-signatures";
    documented(client.get(unrecorded, merchant), 200);
    documented(client.get(unrecorded + "?limit=0", merchant), 400);
    documented(client.get(unrecorded, client.merchant(ACME)), 403);
  }

  @Test
  void shouldAnswerWhatTheProjectionsHoldAsDescribed() {
    client.deliver(node.delivery("products/update", ACME, product(newId()))).expect(200);
    JsonNode logs = client.get("/tlog", Caller.NOBODY).expect(200).json().path("logs");
    for (JsonNode log : logs) {
      boolean isEmpty = log.path("size").asLong() == 0;
      Answer answer = client.get(log.path("url").asText() + "/projections", Caller.NOBODY);
      documented(answer, isEmpty ? 404 : 200);
    }
    documented(client.get("/tlog/99/projections", Caller.NOBODY), 404);
  }

  @Test
  void shouldAnswerBatchesAsDescribed() {
    Caller merchant = client.merchant(SNOWDEVIL);
    String batch = "{\"items\": [" + digest("7".repeat(64)) + ", {\"lane\": \"fast\"}]}";
    documented(client.postJson(REQUESTS + ":batch", merchant, batch), 202);
    documented(client.postJson(REQUESTS + ":batch", merchant, "{}"), 400);
    documented(client.postJson(REQUESTS + ":batch", client.merchant(ACME), batch), 403);
  }

  @Test
  void shouldAnswerUploadsAsDescribed() {
    Caller merchant = client.merchant(SNOWDEVIL);
    byte[] image = TestNode.image("jpg", 2);
    String path = "/v1/shops/" + SNOWDEVIL + "/assets/";
    String own = path + TestNode.hex(TestNode.sha256(image));

    documented(client.send("PUT", own, merchant, image, "Content-Type", "image/jpeg"), 201);
    documented(client.send("PUT", path + IMAGE_DIGEST, merchant, image), 422);
    documented(client.send("PUT", path + "no-digest", merchant, image), 400);
    documented(client.send("PUT", own, client.merchant(ACME), image), 403);
  }

  @Test
  void shouldAnswerTheTrailAsDescribed() {
    Caller auditor = client.role("auditor");
    Answer delivered =
        client.deliver(node.delivery("products/update", ACME, product(newId()))).expect(200);
    String position = delivered.required("Ledger-Position");

    String path = "/v1/events?include=access&limit=500";
    Answer all = documented(client.get(path, auditor, "Ledger-Min-Position", position), 200);
    JsonNode one = all.json().path("items").path(0);
    documented(client.get("/v1/shops/" + ACME + "/events?limit=1&order=asc", auditor), 200);
    documented(client.get("/v1/events/" + one.path("event_id").asText(), auditor), 200);
    documented(client.get("/v1/events/" + UUID.randomUUID(), auditor), 404);
    documented(client.get("/v1/events?limit=501", auditor), 400);
    documented(client.get("/v1/events", client.merchant(ACME)), 403);
    documented(client.get("/v1/shops/nobody.myshopify.com/events", auditor), 404);

    assertThat(all.json().path("items").findValuesAsText("event_id"))
        .contains(delivered.required("Ledger-Event-Id"));
  }

  @Test
  void shouldAnswerOperationsAsDescribed() {
    for (String path : List.of("/healthz/live", "/healthz/ready", "/metrics", "/topology")) {
      documented(client.get(path, Caller.NOBODY), 200);
    }
    client.get("/webhooks/shopify", Caller.NOBODY).expectProblem(405, "method_not_allowed");
  }

  @Test
  void shouldPublishTheSigningKeysWithPurposeAndValidity() throws Exception {
    JsonNode trusted = documented(client.get("/v1/trust/keys.json", Caller.NOBODY), 200).json();
    JsonNode plain = documented(client.get("/.well-known/jwks.json", Caller.NOBODY), 200).json();

    assertThat(trusted.path("keys").findValuesAsText("purpose"))
        .containsExactly("asset-signing", "asset-signing", "receipt", "inclusion-receipt");
    for (JsonNode key : trusted.path("keys")) {
      assertThat(key.path("state").asText()).isEqualTo("active");
      assertThat(Instant.parse(key.path("not_before").asText())).isBeforeOrEqualTo(Instant.now());
    }
    assertThat(JWKSet.parse(trusted.toString()).getKeys())
        .extracting(key -> key.computeThumbprint().toString())
        .startsWith(plain.path("keys").findValuesAsText("kid").toArray(String[]::new))
        .doesNotHaveDuplicates();
  }

  // ---- metrics

  @Test
  void shouldTimeRequestsByRouteAndNotByWhatCallersMakeUp() {
    client.get("/v1/events/" + UUID.randomUUID(), client.role("auditor")).expect(404);
    client.get("/no/such/" + UUID.randomUUID(), Caller.NOBODY).expect(404);
    client.send("BREW", "/v1/events", Caller.NOBODY, new byte[0]);

    Set<String> labels = timed();

    assertThat(labels)
        .contains("GET /v1/events/{event_id} 4xx", "GET other 4xx")
        .anyMatch(label -> label.startsWith("other "))
        .noneMatch(label -> label.contains("BREW") || label.contains("no/such"));
  }

  /** Labels of the timer: method, route and class of status. */
  private static Set<String> timed() {
    Pattern series =
        Pattern.compile(
            "http_server_requests_seconds_count\\{method=\"(.*?)\",route=\"(.*?)\",status=\"(.*?)\"\\}"
                + " [1-9].*");
    return client
        .get("/metrics", Caller.NOBODY)
        .text()
        .lines()
        .map(series::matcher)
        .filter(matcher -> matcher.matches())
        .map(m -> m.group(1) + " " + m.group(2) + " " + m.group(3))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String digest(String hex) {
    return json(Map.of("digest", Map.of("alg", "sha-256", "value", hex)));
  }

  /** Fails unless the answer has this status and the document says all of it. */
  private static Answer documented(Answer answer, int status) {
    answer.expect(status);
    assertThat(description.undocumented(answer)).as(answer::toString).isEmpty();
    return answer;
  }
}
