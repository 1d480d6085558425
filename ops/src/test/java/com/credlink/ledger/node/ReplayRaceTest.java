package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.PATIENCE;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One signed body under the names of two shops at the same moment, which no HMAC can tell apart.
 */
class ReplayRaceTest {

  private static final int TRIES = 40;

  @TempDir private Path directory;

  @Test
  void shouldHandOutNoSignatureForAResourceThatTwoShopsClaimUntilAnOperatorDecides()
      throws Exception {
    try (TestNode node = TestNode.start(directory, "")) {
      node.offerImage(SNOWDEVIL, "race.jpg", TestNode.image("jpeg", 7));
      node.offerImage(ACME, "race.jpg", TestNode.image("jpeg", 7));
      LedgerClient client = node.client();

      Map<String, String> accepted = race(node);

      accepted.forEach(
          (shop, webhook) -> {
            JsonNode request = awaitDispute(client, shop, webhook);
            String path = "/v1/shops/%s/signing-requests/%s".formatted(shop, id(request));
            client
                .get(path + "/signature", client.merchant(shop), "Accept", "application/cose")
                .expect(409);
            String word =
                json(
                    Map.of("digest", request.path("asset_sha256").asText(), "decision", "approve"));
            client.postJson(path + "/approvals", client.merchant(shop), word).expect(403);
            client.postJson(path + "/approvals", client.role("operator"), word).expect(202);
            await()
                .atMost(PATIENCE)
                .untilAsserted(
                    () -> assertThat(status(client, path, shop).has("dispute")).isFalse());
            if (request.path("status").asText().equals("SIGNED")) {
              client
                  .get(path + "/signature", client.merchant(shop), "Accept", "application/cose")
                  .expect(200);
            }
          });
      assertThat(client.facts(Optional.empty(), "WebhookReplaySuspected"))
          .extracting(fact -> fact.at("/payload/webhook_event_id").asText())
          .containsAll(accepted.values());
    }
  }

  /** Deliveries that both were accepted, by shop; most pairs lose the race and are no use. */
  private static Map<String, String> race(TestNode node) throws Exception {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      String body = product(newId(), source("race.jpg"));
      Map<String, Answer> answers = deliverAtOnce(node, body, SNOWDEVIL, ACME);
      if (answers.values().stream().allMatch(answer -> answer.status() == 200)) {
        Map<String, String> events = new LinkedHashMap<>();
        answers.forEach((shop, answer) -> events.put(shop, answer.required("Ledger-Event-Id")));
        return events;
      }
      answers.values().forEach(answer -> assertThat(answer.status()).isIn(200, 409));
    }
    throw new AssertionError("no two deliveries met within " + TRIES + " tries");
  }

  private static Map<String, Answer> deliverAtOnce(TestNode node, String body, String... shops)
      throws Exception {
    var start = new CountDownLatch(1);
    Map<String, Future<Answer>> sent = new LinkedHashMap<>();
    try (var threads = Executors.newFixedThreadPool(shops.length)) {
      for (String shop : shops) {
        var delivery = node.delivery("products/create", shop, body);
        sent.put(
            shop,
            threads.submit(
                () -> {
                  start.await();
                  return node.client().deliver(delivery);
                }));
      }
      start.countDown();
    }
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (var each : sent.entrySet()) {
      answers.put(each.getKey(), each.getValue().get());
    }
    return answers;
  }

  private static JsonNode awaitDispute(LedgerClient client, String shop, String webhook) {
    return client
        .awaitAll(
            "/v1/shops/" + shop + "/signing-requests?limit=500",
            client.role("operator"),
            items ->
                LedgerClient.madeBy(webhook, items).stream()
                    .anyMatch(item -> disputed(client, shop, item)))
        .stream()
        .filter(item -> LedgerClient.madeBy(webhook, java.util.List.of(item)).size() == 1)
        .map(item -> status(client, path(shop, item), shop))
        .findFirst()
        .orElseThrow();
  }

  private static boolean disputed(LedgerClient client, String shop, JsonNode item) {
    return status(client, path(shop, item), shop).path("dispute").asText().equals("open");
  }

  private static String path(String shop, JsonNode request) {
    return "/v1/shops/%s/signing-requests/%s".formatted(shop, id(request));
  }

  private static String id(JsonNode request) {
    return request.path("request_id").asText();
  }

  private static JsonNode status(LedgerClient client, String path, String shop) {
    return client.get(path, client.merchant(shop)).expect(200).json();
  }
}
