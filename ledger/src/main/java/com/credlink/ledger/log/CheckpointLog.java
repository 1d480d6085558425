package com.credlink.ledger.log;

import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The signed checkpoints of all logs, in {@link Topics#CHECKPOINTS}: those of partition p in its
 * partition p, under the log's origin. What is not there was never published. Safe for many
 * threads.
 */
public final class CheckpointLog implements AutoCloseable {

  /** How long an append may take before its fate counts as unknown. */
  public static final Duration DEADLINE = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Integer, Published> latest = new ConcurrentHashMap<>();

  private CheckpointLog(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * A checkpoint that is in the log.
   *
   * @param checkpoint what it says
   * @param note the note with its signatures
   */
  public record Published(Checkpoint checkpoint, SignedNote note) {}

  /**
   * Reads the last checkpoint of each partition.
   *
   * @throws LogUnavailable if Kafka does not answer
   * @throws com.credlink.ledger.note.NoteException if a last record is no checkpoint
   */
  public static CheckpointLog open(KafkaConnection connection) {
    CheckpointLog log =
        new CheckpointLog(
            new KafkaProducer<>(
                connection.with(settings()), new ByteArraySerializer(), new ByteArraySerializer()));
    try (LedgerReader reader =
        new LedgerReader(connection, Topics.CHECKPOINTS, LedgerReader.PATIENCE)) {
      for (int partition = 0; partition < reader.partitions(); partition++) {
        long end = reader.end(partition);
        if (end > 0) {
          reader.replay(partition, end - 1, end, log::keep);
        }
      }
      return log;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private void keep(LogRecord stored) {
    keep(stored.position().partition(), SignedNote.parse(stored.value()));
  }

  private void keep(int partition, SignedNote note) {
    latest.put(partition, new Published(Checkpoint.parse(note.text()), note));
  }

  /** The newest checkpoint of {@code partition}. */
  public Optional<Published> latest(int partition) {
    return Optional.ofNullable(latest.get(partition));
  }

  /**
   * Publishes a checkpoint; it is durable when this returns.
   *
   * @throws LogUnavailable if it is not known to be
   */
  public void append(int partition, SignedNote note) {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
    try {
      var _ =
          producer
              .send(new ProducerRecord<>(Topics.CHECKPOINTS, partition, origin, note.toByteArray()))
              .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      latest.put(partition, new Published(checkpoint, note));
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LogUnavailable("The checkpoint of partition " + partition + " was not written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("The checkpoint of partition " + partition + " was not written", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  private static Map<String, String> settings() {
    String millis = Long.toString(DEADLINE.toMillis());
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG,
        "ledger-checkpoints",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        "true",
        ProducerConfig.LINGER_MS_CONFIG,
        "0",
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        millis,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        millis,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        millis);
  }
}
