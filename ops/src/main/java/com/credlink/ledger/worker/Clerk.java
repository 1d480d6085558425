package com.credlink.ledger.worker;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
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
        if (!proposals.isEmpty()) {
          settle(proposals);
        }
      }
    } catch (WakeupException closing) {
      LOG.debug("Clerk stopped");
    } catch (RuntimeException e) {
      died.accept(e); // proposals wait for the next clerk
    }
  }

  /** A proposal, and where it stands. */
  private record Proposal(TopicPartition partition, LedgerEvent event) {}

  /**
   * Appends a batch, retrying until the log takes it. Proposals of a partition become events of the
   * partition of that number: where its log has lost records they wait, until it was mended or
   * sealed and the process is started again, and the others do not wait for them.
   */
  private void settle(ConsumerRecords<byte[], byte[]> proposals) {
    Set<TopicPartition> lost = new HashSet<>();
    List<Proposal> left = read(proposals);
    while (!left.isEmpty() && !pause.stopped()) {
      left = append(left, lost);
      if (!left.isEmpty()) {
        pause.backOff();
      }
    }
    if (left.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>(proposals.nextOffsets());
      done.keySet().removeAll(lost);
      consumer.commitSync(done);
      consumer.pause(lost);
    }
  }

  private List<Proposal> read(ConsumerRecords<byte[], byte[]> proposals) {
    List<Proposal> read = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> proposal : proposals) {
      TopicPartition partition = new TopicPartition(proposal.topic(), proposal.partition());
      switch (serde.deserialize(proposal.value())) {
        case StoredEvent.Known known -> read.add(new Proposal(partition, known.event()));
        case StoredEvent.Unknown unknown ->
            LOG.atError()
                .addKeyValue("partition", proposal.partition())
                .addKeyValue("offset", proposal.offset())
                .addKeyValue("type", unknown.typeName())
                .log("A proposal has an unknown type and is left out");
      }
    }
    return read;
  }

  /** Returns what is to be tried again; {@code lost} gets the partitions where that is in vain. */
  private List<Proposal> append(List<Proposal> proposals, Set<TopicPartition> lost) {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    proposals.forEach(proposal -> pending.add(ledger.append(proposal.event())));
    List<Proposal> failed = new ArrayList<>();
    for (int i = 0; i < proposals.size(); i++) {
      try {
        pending.get(i).join();
      } catch (CompletionException e) {
        if (AppendException.of(e) instanceof AppendException.LogFaulty) {
          lost.add(proposals.get(i).partition());
        } else {
          failed.add(proposals.get(i));
        }
      }
    }
    if (!failed.isEmpty() || !lost.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("count", failed.size())
          .addKeyValue("lost", lost)
          .log("The log did not take proposals; those of a log that lost records wait");
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
