package com.credlink.ledger.worker;

import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.c2pa.C2paException;
import com.credlink.ledger.c2pa.ContentCredentials;
import com.credlink.ledger.c2pa.SignedImage;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.TimestampAttached;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.queue.StampJob;
import com.credlink.ledger.timestamp.Timestamp;
import com.credlink.ledger.timestamp.TimestampAuthority;
import com.credlink.ledger.timestamp.TimestampException;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.wire.WireException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * Puts time-stamps into files that were signed. All of them need the same authorities, so when
 * these do not answer, all wait, in order, for as long as it takes; nothing is lost and nobody else
 * waits. A file stamped twice, after a crash before the commit, is one fact: the first in the log
 * counts.
 */
public final class Stamper implements AutoCloseable {

  /** Consumer group of all stampers. */
  public static final String GROUP = "ledger-stampers";

  private static final Logger LOG = LoggerFactory.getLogger(Stamper.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** While none can be stamped; the authorities' own wishes are kept by whoever asks them. */
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

  /** Each may wait for two authorities until they are given up: less than a poll may take. */
  private static final int MAX_POLL_RECORDS = 10;

  private final TimestampAuthority authority;
  private final AssetStore assets;
  private final StoreCodecs codecs;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Consumer<Throwable> died;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Pause pause = new Pause();
  private final Thread thread;
  private Instant notBefore = Instant.MIN;

  /**
   * Starts a stamper.
   *
   * @param died told once, if it can no longer work
   */
  public Stamper(
      KafkaConnection connection,
      TimestampAuthority authority,
      AssetStore assets,
      StoreCodecs codecs,
      Ledger ledger,
      InstantSource clock,
      Consumer<Throwable> died) {
    this.authority = authority;
    this.assets = assets;
    this.codecs = codecs;
    this.ledger = ledger;
    this.clock = clock;
    this.died = died;
    this.consumer =
        new KafkaConsumer<>(
            connection.with(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    GROUP,
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    GROUP,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    "false",
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    Integer.toString(MAX_POLL_RECORDS))),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().name("stamper").start(this::run);
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(Topics.TIMESTAMPS));
      while (!pause.stopped()) {
        if (clock.instant().isBefore(notBefore)) {
          consumer.pause(consumer.assignment());
        } else {
          consumer.resume(consumer.paused());
        }
        workOff(consumer.poll(POLL));
      }
    } catch (WakeupException closing) {
      LOG.debug("Stamper stopped");
    } catch (RuntimeException e) {
      died.accept(e); // the files wait for the next stamper
    }
  }

  /** One after the other; from the first that has to wait on, each partition is read again. */
  private void workOff(ConsumerRecords<byte[], byte[]> batch) {
    Set<TopicPartition> waiting = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> message : batch) {
      TopicPartition partition = new TopicPartition(message.topic(), message.partition());
      if (waiting.contains(partition)) {
        continue;
      }
      if (waiting.isEmpty() && !pause.stopped() && isDone(message)) {
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(message.offset() + 1)));
      } else {
        waiting.add(partition);
        consumer.seek(partition, message.offset());
      }
    }
  }

  /** Whether nothing more is to be done for this file. */
  private boolean isDone(ConsumerRecord<byte[], byte[]> message) {
    StampJob job;
    try {
      job = codecs.stampJob().deserialize(message.value());
    } catch (WireException e) {
      LOG.atError()
          .addKeyValue("partition", message.partition())
          .addKeyValue("offset", message.offset())
          .setCause(e)
          .log("Not a file to stamp");
      return true;
    }
    try {
      stamp(job);
      return true;
    } catch (C2paException e) {
      LOG.atError()
          .addKeyValue("request", job.requestId())
          .addKeyValue("reason", e.getMessage())
          .log("The signed file cannot take a time-stamp");
      return true;
    } catch (TimestampException.Unavailable e) {
      await(e, e.retryAfter());
    } catch (TimestampException | AssetException e) {
      await(e, Optional.empty());
    } catch (AppendException e) {
      await(e, Optional.empty());
    }
    return false;
  }

  private void await(RuntimeException why, Optional<Duration> asked) {
    Duration wait = asked.filter(each -> each.compareTo(BACK_OFF) > 0).orElse(BACK_OFF);
    notBefore =
        clock.instant().plus(wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait);
    LOG.atWarn()
        .addKeyValue("reason", String.valueOf(why.getMessage()))
        .log("No time-stamp now; the signed files wait for it");
  }

  private void stamp(StampJob job) {
    Optional<byte[]> file = assets.get(job.tenant(), job.signedSha256());
    if (file.isEmpty()) {
      LOG.atInfo().addKeyValue("request", job.requestId()).log("The signed file was erased");
      return;
    }
    Timestamp stamp = authority.stamp(sha256(ContentCredentials.toBeStamped(file.get())));
    SignedImage stamped = ContentCredentials.stamp(file.get(), stamp.token().toArray());
    String sha256 = assets.put(job.tenant(), stamped.stream()).sha256();
    var _ =
        ledger.appendAndWait(
            new TimestampAttached(
                header(job), job.requestId(), stamp.authority(), stamp.time(), sha256));
  }

  private EventHeader header(StampJob job) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return new EventHeader(
        Ids.derived("TimestampAttached", job.requestId(), job.signedSha256()),
        job.tenant(),
        now,
        now,
        new Actor(ActorType.SYSTEM, "stamper"),
        "stamper",
        job.correlationId(),
        Optional.of(job.causationId()),
        Optional.empty());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
