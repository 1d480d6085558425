package com.credlink.ledger.worker;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns proposals into facts. It reads only what a topology has committed and appends it with the
 * plain idempotent producer of the log, so that transactions never touch {@code ledger.events}. A
 * proposal appended twice, after a crash between append and commit, has the same event id and is
 * the same fact.
 */
public final class Clerk implements AutoCloseable {

  /** Consumer group of all clerks. */
  public static final String GROUP = "ledger-clerk";

  private static final Logger LOG = LoggerFactory.getLogger(Clerk.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MAX_POLL_RECORDS = 500;
  private static final int FETCH_MAX_WAIT_MS = 100;

  private final Ledger ledger;
  private final EventSerde serde;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Pause pause = new Pause();
  private final Thread thread;

  /** Starts a clerk. */
  public Clerk(String bootstrap, String nodeId, Ledger ledger, EventSerde serde) {
    this.ledger = ledger;
    this.serde = serde;
    this.consumer =
        new KafkaConsumer<>(
            Map.ofEntries(
                Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, GROUP),
                Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, GROUP),
                Map.entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, nodeId),
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS),
                Map.entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().name("clerk").start(this::run);
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(Topics.PROPOSALS));
      while (!pause.stopped()) {
        ConsumerRecords<byte[], byte[]> proposals = consumer.poll(POLL);
        if (!proposals.isEmpty() && appendAll(proposals)) {
          consumer.commitSync();
        }
      }
    } catch (WakeupException closing) {
      LOG.debug("Clerk stopped");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Clerk died; proposals wait until it is restarted");
    }
  }

  /** Appends a batch, retrying until the log takes it; false when stopped before that. */
  private boolean appendAll(ConsumerRecords<byte[], byte[]> proposals) {
    List<LedgerEvent> left = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> proposal : proposals) {
      switch (serde.deserialize(proposal.value())) {
        case StoredEvent.Known known -> left.add(known.event());
        case StoredEvent.Unknown unknown ->
            LOG.atError()
                .addKeyValue("partition", proposal.partition())
                .addKeyValue("offset", proposal.offset())
                .addKeyValue("type", unknown.typeName())
                .log("A proposal has an unknown type and is left out");
      }
    }
    while (!left.isEmpty() && !pause.stopped()) {
      left = append(left);
      if (!left.isEmpty()) {
        pause.backOff();
      }
    }
    return left.isEmpty();
  }

  private List<LedgerEvent> append(List<LedgerEvent> events) {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    events.forEach(event -> pending.add(ledger.append(event)));
    List<LedgerEvent> failed = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      try {
        pending.get(i).join();
      } catch (CompletionException e) {
        failed.add(events.get(i));
      }
    }
    if (!failed.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("count", failed.size())
          .log("The log did not take proposals; trying again");
    }
    return failed;
  }

  @Override
  public void close() {
    pause.stop();
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
