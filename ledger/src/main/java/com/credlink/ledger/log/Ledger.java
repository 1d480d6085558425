package com.credlink.ledger.log;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException.LogFaulty;
import com.credlink.ledger.log.AppendException.NotAppended;
import com.credlink.ledger.log.AppendException.TooLarge;
import com.credlink.ledger.log.AppendException.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends facts to the log. May be used from any thread.
 *
 * <p>The producer is idempotent and not transactional: a retry makes no second record, and the log
 * has no markers, so that its offsets are dense.
 */
public final class Ledger implements AutoCloseable {

  /**
   * Largest encoded event in bytes. A body is stored by reference from 512 KiB on, so this is twice
   * the largest regular event; with its headers it still fits {@link Topics#MAX_MESSAGE_BYTES}.
   */
  public static final int MAX_VALUE_BYTES = 1024 * 1024;

  /** What a record may wait for company: small beside the acknowledgement itself. */
  private static final Duration LINGER = Duration.ofMillis(1);

  private static final int BATCH_BYTES = 128 * 1024;

  /** Appends that wait for the broker take up to this much memory. */
  private static final long BUFFER_BYTES = 32L * 1024 * 1024;

  /** One part in four of the deadline may go into waiting for metadata or for room. */
  private static final int BLOCKING_PART = 4;

  private final LedgerConfig config;
  private final EventEncoder encoder;
  private final IntegrityFaults faults;
  private final Producer<byte[], byte[]> producer;

  /**
   * Opens without waiting for the broker: if it is away, appends fail and come back with it.
   *
   * @param encoder makes the values; called on the appending thread
   */
  public Ledger(LedgerConfig config, EventEncoder encoder) {
    this(config, encoder, new IntegrityFaults());
  }

  /**
   * The same, which appends nothing to a partition that has lost records.
   *
   * @param faults what is known of the partitions
   */
  public Ledger(LedgerConfig config, EventEncoder encoder, IntegrityFaults faults) {
    this.config = config;
    this.encoder = encoder;
    this.faults = faults;
    this.producer =
        new KafkaProducer<>(
            config.connection().with(producerSettings(config)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Appends {@code event}. This call itself returns within a quarter of the deadline, the future
   * completes within the deadline: with the position once the log has it, or with an {@link
   * AppendException}.
   *
   * <p>What depends on the future must use the {@code Async} methods or be very short: it runs on
   * the thread that sends.
   */
  public CompletableFuture<Position> append(LedgerEvent event) {
    return send(event, Appended::position);
  }

  /** The same, with the record's bytes, for who must say what exactly was appended. */
  public CompletableFuture<Appended> write(LedgerEvent event) {
    return send(event, appended -> appended);
  }

  private <T> CompletableFuture<T> send(LedgerEvent event, Function<Appended, T> outcome) {
    byte[] key = event.tenant().getBytes(StandardCharsets.UTF_8);
    int partition = Topics.partition(key, config.partitions());
    Optional<IntegrityFault> loss = faults.loss(partition);
    if (loss.isPresent()) {
      return CompletableFuture.failedFuture(new LogFaulty(loss.get()));
    }
    byte[] value;
    try {
      value = encoder.encode(event);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(
          new NotAppended("The event could not be encoded: " + e.getMessage(), e));
    }
    if (value.length > MAX_VALUE_BYTES) {
      return CompletableFuture.failedFuture(new TooLarge(value.length, MAX_VALUE_BYTES, null));
    }
    RecordEnvelope envelope = RecordEnvelope.of(event);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            config.topic(), partition, envelope.timestamp(), key, value, kafkaHeaders(envelope));
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread caller = Thread.currentThread();
    try {
      var _ =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  Position at = new Position(metadata.partition(), metadata.offset());
                  result.complete(outcome.apply(new Appended(at, key, value)));
                } else {
                  // Kafka calls back on the caller's thread only for what it never took in.
                  boolean taken = !Thread.currentThread().equals(caller);
                  result.completeExceptionally(explain(failure, value.length, taken));
                }
              });
    } catch (RuntimeException e) {
      result.completeExceptionally(explain(e, value.length, false));
    }
    return result;
  }

  /**
   * Appends {@code event} and waits for the log.
   *
   * @throws AppendException if it was not acknowledged
   */
  public Position appendAndWait(LedgerEvent event) {
    try {
      return append(event).join();
    } catch (CompletionException e) {
      throw AppendException.of(e);
    }
  }

  /** Waits up to the deadline for what is under way, then stops. */
  @Override
  public void close() {
    producer.close(config.deadline());
  }

  private AppendException explain(Exception failure, int bytes, boolean taken) {
    return switch (failure) {
      case RecordTooLargeException e -> new TooLarge(bytes, MAX_VALUE_BYTES, e);
      // Refused for what is in it, so every attempt was refused.
      case InvalidTimestampException e -> new NotAppended("The log refused the event", e);
      case InvalidRecordException e -> new NotAppended("The log refused the event", e);
      // Other errors describe the last attempt only; an earlier one may have reached the log.
      case Exception e when taken -> Unknown.after(config.deadline(), e);
      case Exception e -> new NotAppended("The log cannot be reached", e);
    };
  }

  private static List<Header> kafkaHeaders(RecordEnvelope envelope) {
    List<Header> headers = new ArrayList<>(envelope.headers().size());
    for (LogRecord.Header header : envelope.headers()) {
      headers.add(new RecordHeader(header.name(), header.value().toArray()));
    }
    return headers;
  }

  /** Every setting of the producer that matters, by Kafka's names. */
  public static Map<String, String> producerSettings(LedgerConfig config) {
    Duration blocking = config.deadline().dividedBy(BLOCKING_PART);
    Duration delivery = config.deadline().minus(blocking);
    // Half, so that a connection that has died silently leaves time for a second attempt.
    Duration request = delivery.minus(LINGER).dividedBy(2);
    Map<String, String> settings = new TreeMap<>();
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    settings.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "5");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(blocking));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(delivery));
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(request));
    settings.put(ProducerConfig.LINGER_MS_CONFIG, millis(LINGER));
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(BUFFER_BYTES));
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.MAX_MESSAGE_BYTES));
    // The log is kept for ever; lz4 costs little where a batch is ciphertext.
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, "20");
    settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, "200");
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, "20");
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
    settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, millis(request));
    settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, millis(delivery));
    settings.put(ProducerConfig.METADATA_MAX_AGE_CONFIG, millis(Duration.ofMinutes(1)));
    // A quiet log must not make the next append wait for metadata.
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, millis(Duration.ofDays(1)));
    return settings;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
