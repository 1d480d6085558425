package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.log.Position;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Webhooks that come until the node dies or they are told to stop, and what outsiders keep. */
final class LogLoad {

  private static final List<String> SHOPS = List.of(SNOWDEVIL, ACME);
  private static final int PARTITIONS = 4;
  private static final int END_SECONDS = 90;

  private final Map<Position, String> acknowledged = new ConcurrentHashMap<>();
  private final Map<Integer, Queue<Checkpoint>> seen = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /** Where what was acknowledged must stand, and its event id. */
  Map<Position, String> acknowledged() {
    return acknowledged;
  }

  /** Every checkpoint that was handed out, by partition. */
  Map<Integer, Queue<Checkpoint>> seen() {
    return seen;
  }

  /** Begins; what is returned is done when nobody sends any more. */
  ExecutorService start(ForkedNode node) {
    stopped = false;
    ExecutorService senders = Executors.newFixedThreadPool(SHOPS.size() + 1);
    SHOPS.forEach(shop -> senders.execute(() -> untilItDies(() -> deliver(node, shop))));
    senders.execute(() -> untilItDies(() -> look(node)));
    senders.shutdown();
    return senders;
  }

  /** Returns when nobody sends any more. */
  void stop(ExecutorService senders) throws InterruptedException {
    stopped = true;
    assertThat(senders.awaitTermination(END_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private void untilItDies(Runnable step) {
    try {
      while (!stopped) {
        step.run();
      }
    } catch (UncheckedIOException killed) {
      // What was on its way has no answer, and nothing is claimed about it.
    }
  }

  private void deliver(ForkedNode node, String shop) {
    Answer answer = node.client().deliver(node.delivery("orders/create", shop, product(newId())));
    if (answer.status() == 200) {
      acknowledged.put(
          Position.parse(answer.required("Ledger-Position")).orElseThrow(),
          answer.required("Ledger-Event-Id"));
    }
  }

  private void look(ForkedNode node) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      Answer answer = node.client().get("/tlog/" + partition + "/checkpoint", Caller.NOBODY);
      if (answer.status() == 200) {
        seen.computeIfAbsent(partition, _ -> new ConcurrentLinkedQueue<>())
            .add(Checkpoint.parse(SignedNote.parse(answer.body()).text()));
      }
    }
  }
}
