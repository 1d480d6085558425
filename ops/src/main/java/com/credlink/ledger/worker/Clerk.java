package com.credlink.ledger.worker;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.KafkaConnection;
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
import java.util.function.Consumer;
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
  private final Consumer<Throwable> died;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Pause pause = new Pause();
  private final Thread thread;

  /**
   * Starts a clerk.
   *
   * @param died told once, if the clerk can no longer work
   */
  public Clerk(
      KafkaConnection connection,
      String nodeId,
      Ledger ledger,
      EventSerde serde,
      Consumer<Throwable> died) {
    this.ledger = ledger;
    this.serde = serde;
    this.died = died;
    this.consumer =
        new KafkaConsumer<>(
            connection.with(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    GROUP,
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    GROUP,
                    ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                    nodeId,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    "false",
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    Integer.toString(MAX_POLL_RECORDS),
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    Integer.toString(FETCH_MAX_WAIT_MS))),
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
      died.accept(e); // proposals wait for the next clerk
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
