package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.RawLog.Fact;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 in the middle of a load: what was acknowledged is there, once, and gets done. */
class CrashTest {

  private static final List<String> SHOPS = List.of(SNOWDEVIL, ACME);
  private static final int SENDERS = 4;
  private static final int ROUNDS = 2;
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** A start that waits for the session of the dead process takes 45 s longer than another. */
  private static final Duration SESSION = Duration.ofSeconds(45);

  @TempDir private Path directory;
  private final AtomicInteger images = new AtomicInteger();
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final List<String> positionsRead = new ArrayList<>();

  /** A delivery of one image, and what the node answered before it was killed. */
  private record Acknowledged(
      ShopifyDelivery delivery, String imageSha256, String eventId, String position) {
    String shop() {
      return delivery.fields().get(ShopifyDelivery.SHOP);
    }
  }

  @Test
  void shouldKeepEveryAcknowledgedWebhookExactlyOnceAfterAKill() throws Exception {
    Path data = directory.resolve("data");
    List<Duration> starts = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      try (var node = ForkedNode.start(data)) {
        starts.add(node.startTime());
        killUnderLoad(node, data, round * ACKNOWLEDGED_BEFORE_THE_KILL);
      }
    }

    try (var node = ForkedNode.start(data)) {
      starts.add(node.startTime());
      print(starts);
      // Nothing is sent again until all this holds.
      shouldBeInTheLogOnceAndWhereTheAnswerSaid(node);
      shouldBeInTheTrailOnceAndNoDuplicate(node);
      shouldHaveReachedWhatReadersWereTold(node);
      shouldHaveSignedEachImageOnce(node);
      int requests = requests(node).size();

      shouldTakeEachRepetitionForADuplicate(node);
      shouldHaveMadeOneBusinessEventOfEachDelivery(node);
      shouldHaveMadeNothingOfTheRepetitions(node, data, requests);
      assertThat(starts.subList(1, starts.size()))
          .allMatch(one -> one.compareTo(starts.getFirst().plus(SESSION.dividedBy(2))) < 0);
      assertThat(node.stop()).as("exit code of a stop by SIGTERM").isZero();
    }
  }

  @SuppressWarnings("SystemOut")
  private void print(List<Duration> starts) {
    System.out.printf(
        "CrashTest: %d webhooks acknowledged before %d kills; ready after the launch: %d ms at"
            + " first, then %s%n",
        acknowledged.size(),
        ROUNDS,
        starts.getFirst().toMillis(),
        starts.stream()
            .skip(1)
            .map(start -> start.toMillis() + " ms")
            .collect(Collectors.joining(", ")));
  }

  // ---- the load and the kill

  private void killUnderLoad(ForkedNode node, Path data, int enough) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try {
      for (int i = 0; i < SENDERS; i++) {
        String shop = SHOPS.get(i % SHOPS.size());
        senders.execute(() -> deliverUntilItDies(node, data, shop));
      }
      await().atMost(PATIENCE).until(() -> acknowledged.size() >= enough);
      positionsRead.add(
          node.client()
              .get("/v1/events?limit=1", node.client().role("auditor"))
              .expect(200)
              .required("Ledger-Position"));
      node.kill();
    } finally {
      senders.shutdown();
      assertThat(senders.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  private void deliverUntilItDies(ForkedNode node, Path data, String shop) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var image = offerImage(data, shop);
        var delivery = delivery(node, shop, image);
        var answer = node.client().deliver(delivery);
        if (answer.status() == 200) {
          acknowledged.add(
              new Acknowledged(
                  delivery,
                  image.sha256(),
                  answer.required("Ledger-Event-Id"),
                  answer.required("Ledger-Position")));
        }
      }
    } catch (UncheckedIOException killed) {
      // What was on its way has no answer, and nothing is claimed about it.
    }
  }

  private record Image(String name, String sha256) {}

  /** An image of its own for each delivery, so that a kill finds files half written. */
  private Image offerImage(Path data, String shop) {
    int number = images.incrementAndGet();
    byte[] image = TestNode.image("png", number);
    var name = "board-" + number + ".png";
    try {
      TestNode.offerImage(data, shop, name, image);
    } catch (IOException e) {
      throw new AssertionError("the image could not be put there", e);
    }
    return new Image(name, TestNode.hex(TestNode.sha256(image)));
  }

  private static ShopifyDelivery delivery(ForkedNode node, String shop, Image image) {
    return node.delivery("products/create", shop, product(newId(), source(image.name())));
  }

  // ---- with nothing sent again

  private void shouldBeInTheLogOnceAndWhereTheAnswerSaid(ForkedNode node) {
    try (var log = RawLog.at(node.kafka())) {
      var webhooks =
          log.all().stream().filter(fact -> fact.type().equals("WebhookReceived")).toList();
      assertThat(webhooks).extracting(Fact::id).doesNotHaveDuplicates();
      assertThat(webhooks)
          .extracting(fact -> fact.id() + " at " + fact.position())
          .containsAll(
              acknowledged.stream().map(one -> one.eventId() + " at " + one.position()).toList());
    }
  }

  private void shouldBeInTheTrailOnceAndNoDuplicate(ForkedNode node) {
    for (String shop : SHOPS) {
      var ids = ids(shop);
      var events =
          node.client()
              .awaitAll(
                  "/v1/shops/" + shop + "/events?limit=500&type=WebhookReceived",
                  node.client().role("auditor"),
                  items ->
                      items.stream()
                          .map(CrashTest::id)
                          .collect(Collectors.toSet())
                          .containsAll(ids));
      assertThat(events).extracting(CrashTest::id).doesNotHaveDuplicates();
      assertThat(events)
          .filteredOn(event -> ids.contains(id(event)))
          .noneMatch(event -> event.has("duplicate_of"));
    }
  }

  private void shouldHaveReachedWhatReadersWereTold(ForkedNode node) {
    for (String position : positionsRead) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  node.client()
                      .get(
                          "/v1/events?limit=1",
                          node.client().role("auditor"),
                          "Ledger-Min-Position",
                          position)
                      .expect(200));
    }
  }

  private void shouldHaveSignedEachImageOnce(ForkedNode node) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(requests(node))
                    .allMatch(item -> item.path("status").asText().equals("SIGNED"))
                    .extracting(CrashTest::webhook)
                    .doesNotHaveDuplicates()
                    .containsAll(acknowledged.stream().map(Acknowledged::eventId).toList()));

    Map<String, String> digests = new HashMap<>();
    for (String shop : SHOPS) {
      for (JsonNode request : requests(node, shop)) {
        digests.put(webhook(request), request.path("asset_sha256").asText());
        assertThat(timesSigned(node, shop, request)).as(request::toString).isEqualTo(1);
      }
    }
    for (var one : acknowledged) {
      assertThat(digests).containsEntry(one.eventId(), one.imageSha256());
    }
  }

  private static long timesSigned(ForkedNode node, String shop, JsonNode request) {
    var path =
        "/v1/shops/%s/signing-requests/%s/history"
            .formatted(shop, request.path("request_id").asText());
    return node
        .client()
        .get(path, node.client().role("operator"))
        .expect(200)
        .json()
        .findValuesAsText("status")
        .stream()
        .filter("SIGNED"::equals)
        .count();
  }

  // ---- after all was sent again

  private void shouldTakeEachRepetitionForADuplicate(ForkedNode node) {
    Map<String, String> firstOfRepetition = new HashMap<>();
    for (var one : acknowledged) {
      var again = node.client().deliver(one.delivery()).expect(200);
      firstOfRepetition.put(again.required("Ledger-Event-Id"), one.eventId());
    }
    assertThat(firstOfRepetition).hasSameSizeAs(acknowledged);
    firstOfRepetition.forEach(
        (repetition, first) ->
            assertThat(node.client().event(repetition).path("duplicate_of").asText())
                .isEqualTo(first));
  }

  private void shouldHaveMadeOneBusinessEventOfEachDelivery(ForkedNode node) {
    for (String shop : SHOPS) {
      Map<String, List<JsonNode>> byDelivery =
          node
              .client()
              .all(
                  "/v1/shops/" + shop + "/events?limit=500&type=WebhookReceived",
                  node.client().role("auditor"))
              .stream()
              .collect(Collectors.groupingBy(event -> event.at("/payload/webhook_id").asText()));
      for (var one : acknowledged) {
        if (one.shop().equals(shop)) {
          assertThat(byDelivery.get(one.delivery().fields().get(ShopifyDelivery.WEBHOOK_ID)))
              .hasSize(2)
              .filteredOn(event -> !event.has("duplicate_of"))
              .extracting(CrashTest::id)
              .containsExactly(one.eventId());
        }
      }
    }
  }

  /** A later delivery of each shop is done, so whatever the repetitions started would be too. */
  private void shouldHaveMadeNothingOfTheRepetitions(ForkedNode node, Path data, int before) {
    for (String shop : SHOPS) {
      Answer later = node.client().deliver(delivery(node, shop, offerImage(data, shop)));
      node.client()
          .awaitRequestsOf(later.expect(200).required("Ledger-Event-Id"), shop, 1, "SIGNED");
    }
    assertThat(requests(node)).hasSize(before + SHOPS.size());
  }

  // ---- shapes

  private static List<JsonNode> requests(ForkedNode node) {
    return SHOPS.stream().flatMap(shop -> requests(node, shop).stream()).toList();
  }

  private static List<JsonNode> requests(ForkedNode node, String shop) {
    return node.client()
        .all("/v1/shops/" + shop + "/signing-requests?limit=500", node.client().role("operator"));
  }

  private Set<String> ids(String shop) {
    return acknowledged.stream()
        .filter(one -> one.shop().equals(shop))
        .map(Acknowledged::eventId)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String id(JsonNode event) {
    return event.path("event_id").asText();
  }

  private static String webhook(JsonNode request) {
    return request.at("/origin/webhook_event_id").asText();
  }
}
