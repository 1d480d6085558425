package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wrapped keys in the compacted topic {@link Topics#PRIVACY_KEYS}. One thread reads the topic from
 * its beginning and never stops; a write returns when that thread has read it back, so that what
 * was written is seen, by this process, in the order that every process sees.
 *
 * <p>A tenant's keys are in the tenant's partition. The directory's records are all in the
 * partition of {@code platform}: which of two installations was first needs one order.
 */
public final class KafkaWrappedKeyStore implements WrappedKeyStore {

  /** How long a write may take before its fate counts as unknown. */
  public static final Duration WRITE_DEADLINE = Duration.ofSeconds(2);

  /** How long the first read of the topic may take. */
  public static final Duration START_DEADLINE = Duration.ofSeconds(30);

  /** How long a close waits for the reader. */
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** Longest wait of a poll; a record or a close ends it at once. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final String PLATFORM = "platform";

  private static final Logger LOG = LoggerFactory.getLogger(KafkaWrappedKeyStore.class);

  private final String topic;
  private final Duration deadline;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final LatestRecords records = new LatestRecords();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private final Thread reader;
  private final Object progress = new Object();
  // Guarded by progress: the next offset that the reader will see, by partition.
  private final long[] applied;

  private KafkaWrappedKeyStore(
      String topic,
      Duration deadline,
      KafkaProducer<String, byte[]> producer,
      KafkaConsumer<String, byte[]> consumer,
      List<TopicPartition> partitions) {
    this.topic = topic;
    this.deadline = deadline;
    this.producer = producer;
    this.consumer = consumer;
    this.partitions = partitions;
    this.applied = new long[partitions.size()];
    this.reader = Thread.ofPlatform().daemon().name("privacy-keys-reader").unstarted(this::read);
  }

  /**
   * Reads {@link Topics#PRIVACY_KEYS} to its end and follows it.
   *
   * @throws VaultException.Unavailable when the topic does not exist or cannot be read in time.
   */
  public static KafkaWrappedKeyStore open(KafkaConnection connection) {
    return open(connection, Topics.PRIVACY_KEYS, WRITE_DEADLINE, START_DEADLINE);
  }

  static KafkaWrappedKeyStore open(
      KafkaConnection connection, String topic, Duration writeDeadline, Duration startDeadline) {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            connection.with(consumerSettings()),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions;
    KafkaProducer<String, byte[]> producer;
    try {
      partitions =
          consumer.partitionsFor(topic, startDeadline).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new VaultException.Unavailable("topic '%s' does not exist".formatted(topic));
      }
      producer =
          new KafkaProducer<>(
              connection.with(producerSettings(writeDeadline)),
              new StringSerializer(),
              new ByteArraySerializer());
    } catch (KafkaException e) {
      consumer.close();
      throw new VaultException.Unavailable("topic '%s' cannot be read".formatted(topic), e);
    } catch (VaultException e) {
      consumer.close();
      throw e;
    }
    KafkaWrappedKeyStore store =
        new KafkaWrappedKeyStore(topic, writeDeadline, producer, consumer, partitions);
    store.reader.start();
    try {
      store.caughtUp.get(startDeadline.toMillis(), TimeUnit.MILLISECONDS);
      return store;
    } catch (ExecutionException | TimeoutException e) {
      store.close();
      throw new VaultException.Unavailable("topic '%s' cannot be read".formatted(topic), e);
    } catch (InterruptedException e) {
      store.close();
      throw interrupted(e);
    }
  }

  @Override
  public void follow(Consumer<Entry> reader) {
    records.follow(reader);
  }

  @Override
  public void put(String key, Bytes value) {
    write(key, value.toArray());
  }

  @Override
  public void tombstone(String key) {
    write(key, null);
  }

  /**
   * Completes if the reader can no longer work: keys made and erased elsewhere are not seen any
   * more, and the owner should restart.
   */
  public CompletableFuture<Throwable> fault() {
    CompletableFuture<Throwable> unwanted = new CompletableFuture<>();
    var _ =
        fault.thenAccept(
            cause -> {
              if (!(cause instanceof WakeupException)) { // that is a close
                unwanted.complete(cause);
              }
            });
    return unwanted;
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      reader.join(CLOSE_DEADLINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ZERO);
  }

  private void write(String key, byte[] value) {
    long until = System.nanoTime() + deadline.toNanos();
    try {
      RecordMetadata written =
          producer
              .send(new ProducerRecord<>(topic, partition(key), key, value))
              .get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      awaitApplied(written.partition(), written.offset(), until);
    } catch (ExecutionException | KafkaException e) {
      throw new VaultException.Unavailable("'%s' cannot be written".formatted(key), e);
    } catch (TimeoutException e) {
      throw new VaultException.Unavailable("'%s' was not written in time".formatted(key), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void awaitApplied(int partition, long offset, long until)
      throws InterruptedException, TimeoutException {
    synchronized (progress) {
      while (applied[partition] <= offset) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0 || fault.isDone()) {
          throw new TimeoutException("not read back");
        }
        progress.wait(left);
      }
    }
  }

  private int partition(String key) {
    int slash = key.indexOf('/');
    boolean isKey = slash >= 0 && key.indexOf('/', slash + 1) >= 0;
    return Topics.partition(isKey ? key.substring(0, slash) : PLATFORM, partitions.size());
  }

  /** The only thread that touches the consumer, but for its wake-up. */
  private void read() {
    try (consumer) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (true) {
        if (!caughtUp.isDone()
            && ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
          caughtUp.complete(null);
        }
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          records.apply(
              new Entry(record.key(), Optional.ofNullable(record.value()).map(Bytes::wrap)));
        }
        publishProgress();
      }
    } catch (WakeupException e) {
      fail(e);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("topic", topic).log("reading wrapped keys ended");
      fail(e);
    }
  }

  private void fail(RuntimeException cause) {
    boolean _ = caughtUp.completeExceptionally(cause);
    boolean _ = fault.complete(cause);
    synchronized (progress) {
      progress.notifyAll();
    }
  }

  private void publishProgress() {
    long[] positions = new long[partitions.size()];
    for (TopicPartition partition : partitions) {
      positions[partition.partition()] = consumer.position(partition);
    }
    synchronized (progress) {
      System.arraycopy(positions, 0, applied, 0, applied.length);
      progress.notifyAll();
    }
  }

  private static VaultException.Unavailable interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new VaultException.Unavailable("interrupted", e);
  }

  private static Map<String, String> consumerSettings() {
    return Map.of(
        ConsumerConfig.CLIENT_ID_CONFIG, "ledger-privacy-keys",
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
        // The answer comes with the first byte: a write waits for it.
        ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
  }

  private static Map<String, String> producerSettings(Duration deadline) {
    String millis = Long.toString(deadline.toMillis());
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG, "ledger-privacy-keys",
        ProducerConfig.ACKS_CONFIG, "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
        ProducerConfig.LINGER_MS_CONFIG, "0",
        ProducerConfig.MAX_BLOCK_MS_CONFIG, millis,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
  }
}
