package com.credlink.ledger.log;

import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSignature;
import com.credlink.ledger.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The signed checkpoints of all logs, in {@link Topics#CHECKPOINTS}: those of partition p in its
 * partition p, under the log's origin. What is not there was never published. A checkpoint that was
 * cosigned stands there again with the lines of its witnesses. Safe for many threads.
 */
public final class CheckpointLog implements AutoCloseable {

  /** How long an append may take before its fate counts as unknown. */
  public static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Records that are read of each partition at the start, to know what witnesses have cosigned. */
  private static final int TAIL = 32;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Integer, PublishedHeads> heads = new ConcurrentHashMap<>();
  private final Map<Integer, List<SealedLog>> sealed = new ConcurrentHashMap<>();

  /** The newest note of each partition that was sent; its monitor keeps their order. */
  private final Map<Integer, SignedNote> sent = new HashMap<>();

  private CheckpointLog(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * A checkpoint that is in the log.
   *
   * @param checkpoint what it says
   * @param note the note with its signatures, those of the log first
   */
  public record Published(Checkpoint checkpoint, SignedNote note) {

    /** How many witnesses have cosigned it: names of keys that are not the log's. */
    public int witnesses() {
      return (int)
          note.signatures().stream()
              .map(NoteSignature::name)
              .filter(name -> !name.equals(checkpoint.origin()))
              .distinct()
              .count();
    }
  }

  /**
   * Reads the last checkpoints of each partition.
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
          long from = Math.max(reader.start(partition), end - TAIL);
          reader.replay(partition, Math.min(from, end - 1), end, log::keep);
          LogOrigin now = log.origin(partition).orElseThrow();
          if (now.generation() > 1) {
            log.sealed.put(
                partition,
                SealedLog.of(
                    offset -> one(reader, now.partition(), offset),
                    reader.start(partition),
                    end,
                    now));
          }
        }
      }
      return log;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private static LogRecord one(LedgerReader reader, int partition, long offset) {
    List<LogRecord> found = new ArrayList<>(1);
    reader.replay(partition, offset, offset + 1, found::add);
    return found.getFirst();
  }

  private void keep(LogRecord stored) {
    SignedNote note = SignedNote.parse(stored.value());
    sent.put(stored.position().partition(), note);
    keep(stored.position().partition(), note);
  }

  private void keep(int partition, SignedNote note) {
    var _ =
        heads.compute(
            partition, (_, known) -> (known == null ? PublishedHeads.NONE : known).with(note));
  }

  /** The newest checkpoint of {@code partition}. */
  public Optional<Published> latest(int partition) {
    return latest(partition, 0);
  }

  /** The newest checkpoint of {@code partition} that so many witnesses have cosigned at least. */
  public Optional<Published> latest(int partition, int witnesses) {
    return heads.getOrDefault(partition, PublishedHeads.NONE).newest(witnesses);
  }

  /** The log of {@code partition} that grows now; empty before its first checkpoint. */
  public Optional<LogOrigin> origin(int partition) {
    return latest(partition).map(head -> LogOrigin.parse(head.checkpoint().origin(), partition));
  }

  /** The logs of {@code partition} that were ended, oldest first. */
  public List<SealedLog> sealed(int partition) {
    return sealed.getOrDefault(partition, List.of());
  }

  /**
   * Ends the log of a partition and begins its successor; both are done when this returns.
   *
   * @param first checkpoint of the successor
   * @throws LogUnavailable if it is not known to be
   */
  public void seal(int partition, SealedLog ended, SignedNote first) {
    Future<RecordMetadata> written;
    synchronized (sent) {
      sent.put(partition, first);
      written = send(partition, first, ended.headers());
    }
    await(partition, written);
    keep(partition, first);
    List<SealedLog> all = new ArrayList<>(sealed(partition));
    all.add(ended);
    sealed.put(partition, List.copyOf(all));
  }

  /**
   * Publishes a checkpoint; it is durable when this returns.
   *
   * @throws LogUnavailable if it is not known to be
   */
  public void append(int partition, SignedNote note) {
    Future<RecordMetadata> written;
    synchronized (sent) {
      sent.put(partition, note);
      written = send(partition, note);
    }
    await(partition, written);
    keep(partition, note);
  }

  /**
   * Publishes cosignatures of a checkpoint that was published before. While it is the newest they
   * are durable when this returns: it is stored again with all its lines. Those of an older one are
   * kept in memory alone, because the sizes in the topic never fall.
   *
   * @param text of the note
   * @param cosignatures that were verified
   * @throws LogUnavailable if they are not known to be durable
   */
  public void cosign(int partition, String text, List<NoteSignature> cosignatures) {
    Optional<Future<RecordMetadata>> written = Optional.empty();
    synchronized (sent) {
      SignedNote newest = sent.get(partition);
      if (newest != null && newest.text().equals(text)) {
        SignedNote cosigned = newest.with(cosignatures);
        sent.put(partition, cosigned);
        written = Optional.of(send(partition, cosigned));
      }
    }
    written.ifPresent(record -> await(partition, record));
    keep(partition, new SignedNote(text, cosignatures));
  }

  private Future<RecordMetadata> send(int partition, SignedNote note) {
    return send(partition, note, List.of());
  }

  private Future<RecordMetadata> send(int partition, SignedNote note, List<Header> headers) {
    byte[] origin = Checkpoint.parse(note.text()).origin().getBytes(StandardCharsets.UTF_8);
    try {
      return producer.send(
          new ProducerRecord<>(Topics.CHECKPOINTS, partition, origin, note.toByteArray(), headers));
    } catch (KafkaException e) {
      throw unwritten(partition, e);
    }
  }

  private static void await(int partition, Future<RecordMetadata> written) {
    try {
      var _ = written.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw unwritten(partition, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unwritten(partition, e);
    }
  }

  private static LogUnavailable unwritten(int partition, Exception cause) {
    return new LogUnavailable(
        "The checkpoint of partition " + partition + " was not written", cause);
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
