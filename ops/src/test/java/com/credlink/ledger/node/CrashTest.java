package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 in the middle of a load: what was acknowledged is there, once, and gets done. */
class CrashTest {

  private static final int SENDERS = 4;
  private static final int ROUNDS = 2;
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** A start that waits for the session of the dead process takes 45 s longer than another. */
  private static final Duration SESSION = Duration.ofSeconds(45);

  @TempDir private Path directory;

  /** A delivery, and what the node answered before it was killed. */
  private record Acknowledged(ShopifyDelivery delivery, String eventId, String position) {
    String shop() {
      return delivery.fields().get(ShopifyDelivery.SHOP);
    }
  }

  @Test
  void shouldKeepEveryAcknowledgedWebhookExactlyOnceAfterAKill() throws Exception {
    Path data = directory.resolve("data");
    Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    List<Duration> starts = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      try (var node = ForkedNode.start(data)) {
        starts.add(node.startTime());
        offerImages(data);
        killUnderLoad(node, acknowledged, round * ACKNOWLEDGED_BEFORE_THE_KILL);
      }
    }

    assertThat(starts.getLast()).isLessThan(starts.getFirst().plus(SESSION.dividedBy(2)));
    try (var node = ForkedNode.start(data)) {
      shouldBeInTheLogOnce(node, acknowledged);
      shouldBeWhereTheAnswerSaid(node, acknowledged);
      shouldTakeEachRepetitionForADuplicate(node, acknowledged);
      shouldHaveSignedEachImage(node, acknowledged);
      assertThat(node.stop()).as("exit code of a stop by SIGTERM").isZero();
    }
  }

  private static void offerImages(Path data) throws IOException {
    for (String shop : List.of(SNOWDEVIL, ACME)) {
      TestNode.offerImage(data, shop, "board.jpg", TestNode.image("jpeg", 77));
    }
  }

  private static void killUnderLoad(ForkedNode node, Queue<Acknowledged> acknowledged, int enough)
      throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try {
      for (int i = 0; i < SENDERS; i++) {
        String shop = i % 2 == 0 ? SNOWDEVIL : ACME;
        senders.execute(() -> deliverUntilItDies(node, shop, acknowledged));
      }
      await().atMost(PATIENCE).until(() -> acknowledged.size() >= enough);
      node.kill();
    } finally {
      senders.shutdown();
      assertThat(senders.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void deliverUntilItDies(
      ForkedNode node, String shop, Queue<Acknowledged> acknowledged) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var delivery =
            node.delivery("products/create", shop, product(newId(), source("board.jpg")));
        var answer = node.client().deliver(delivery);
        if (answer.status() == 200) {
          acknowledged.add(
              new Acknowledged(
                  delivery,
                  answer.required("Ledger-Event-Id"),
                  answer.required("Ledger-Position")));
        }
      }
    } catch (UncheckedIOException killed) {
      // What was on its way has no answer, and nothing is claimed about it.
    }
  }

  private static void shouldBeInTheLogOnce(ForkedNode node, Queue<Acknowledged> acknowledged) {
    List<String> ids = new ArrayList<>();
    try (var reader = new LedgerReader(KafkaConnection.plain(node.kafka()))) {
      for (int partition = 0; partition < reader.partitions(); partition++) {
        reader.replay(
            partition,
            0,
            reader.end(partition),
            record ->
                record.headers().stream()
                    .filter(header -> header.name().equals("ce_id"))
                    .forEach(header -> ids.add(new String(header.value().toArray(), UTF_8))));
      }
    }
    assertThat(new HashSet<>(ids)).as("no fact twice").hasSameSizeAs(ids);
    assertThat(ids).containsAll(acknowledged.stream().map(Acknowledged::eventId).toList());
  }

  private static void shouldBeWhereTheAnswerSaid(
      ForkedNode node, Queue<Acknowledged> acknowledged) {
    Map<String, String> positions = new HashMap<>();
    for (String shop : List.of(SNOWDEVIL, ACME)) {
      var events =
          node.client()
              .all(
                  "/v1/shops/" + shop + "/events?limit=500&type=WebhookReceived",
                  node.client().role("auditor"));
      assertThat(events).extracting(CrashTest::id).doesNotHaveDuplicates();
      events.forEach(
          event ->
              positions.put(
                  id(event),
                  event.path("partition").asText() + ":" + event.path("offset").asText()));
    }
    for (var one : acknowledged) {
      assertThat(positions).containsEntry(one.eventId(), one.position());
    }
  }

  private static void shouldHaveSignedEachImage(ForkedNode node, Queue<Acknowledged> acknowledged) {
    for (String shop : List.of(SNOWDEVIL, ACME)) {
      Set<String> wanted = new HashSet<>();
      acknowledged.stream()
          .filter(one -> one.shop().equals(shop))
          .forEach(one -> wanted.add(one.eventId()));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                var mine =
                    node
                        .client()
                        .all(
                            "/v1/shops/" + shop + "/signing-requests?limit=500",
                            node.client().role("operator"))
                        .stream()
                        .filter(item -> wanted.contains(webhook(item)))
                        .toList();
                assertThat(mine).extracting(CrashTest::webhook).doesNotHaveDuplicates();
                assertThat(mine).hasSameSizeAs(wanted);
                assertThat(mine).allMatch(item -> item.path("status").asText().equals("SIGNED"));
              });
    }
  }

  private static void shouldTakeEachRepetitionForADuplicate(
      ForkedNode node, Queue<Acknowledged> acknowledged) {
    Map<String, String> firstOfRepetition = new HashMap<>();
    for (var one : acknowledged) {
      var again = node.client().deliver(one.delivery()).expect(200);
      firstOfRepetition.put(again.required("Ledger-Event-Id"), one.eventId());
    }
    firstOfRepetition.forEach(
        (repetition, first) ->
            assertThat(node.client().event(repetition).path("duplicate_of").asText())
                .isEqualTo(first));
  }

  private static String id(JsonNode event) {
    return event.path("event_id").asText();
  }

  private static String webhook(JsonNode request) {
    return request.at("/origin/webhook_event_id").asText();
  }
}
