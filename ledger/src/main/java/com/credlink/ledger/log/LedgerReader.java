package com.credlink.ledger.log;

import com.credlink.ledger.event.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Replays a log that must be dense: every offset holds one record of a plain producer. Reads in
 * constant memory. Not for use by several threads at once.
 */
public final class LedgerReader implements AutoCloseable {

  /** Without a single record or answer for this long, the log counts as not available. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_AT_ONCE = 2_000;
  private static final int BYTES_AT_ONCE = 8 * 1024 * 1024;

  private final String topic;
  private final Duration patience;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Admin admin;

  /** For {@link Topics#EVENTS}. */
  public LedgerReader(KafkaConnection connection) {
    this(connection, Topics.EVENTS, PATIENCE);
  }

  /** For another topic that is neither compacted nor written by transactions. */
  public LedgerReader(KafkaConnection connection, String topic, Duration patience) {
    this.topic = topic;
    this.patience = patience;
    this.consumer =
        new KafkaConsumer<>(
            connection.with(consumerSettings()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.admin = Admin.create(connection.with(adminSettings(patience)));
  }

  /** How many partitions the topic has. */
  public int partitions() {
    try {
      return consumer.partitionsFor(topic, patience).size();
    } catch (KafkaException e) {
      throw unavailable(e);
    }
  }

  /** The first offset that is still there; 0 unless records were removed. */
  public long start(int partition) {
    return offset(partition, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /** The offset that the next record will get; also the number of records. */
  public long end(int partition) {
    return offset(partition, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /**
   * Hands on every record from {@code from} up to, not including, {@code to}, in order.
   *
   * @throws IntegrityFault at the first offset where the log is not dense, has lost what was asked
   *     for, or was written by a transaction; everything before it has been handed on, except that
   *     lost ends and open transactions are found before the first record
   * @throws LogUnavailable if Kafka does not answer
   */
  public void replay(int partition, long from, long to, Consumer<LogRecord> handler) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("No range: %d to %d".formatted(from, to));
    }
    if (from == to) {
      return;
    }
    long start = start(partition);
    if (start > from) {
      throw new IntegrityFault.StartLost(partition, from, start);
    }
    long end = end(partition);
    if (end < to) {
      throw new IntegrityFault.EndLost(partition, end, to);
    }
    // Asked after the end, so it can be lower only if somebody holds it back.
    long stable = offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    if (stable < to) {
      throw new IntegrityFault.OpenTransaction(partition, stable);
    }
    try {
      read(partition, from, to, handler);
    } catch (OffsetOutOfRangeException e) {
      throw new IntegrityFault.StartLost(partition, from, start(partition));
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      throw unavailable(e);
    } finally {
      consumer.unsubscribe();
    }
  }

  @Override
  public void close() {
    try {
      consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(POLL));
    } finally {
      admin.close(POLL);
    }
  }

  private void read(int partition, long from, long to, Consumer<LogRecord> handler) {
    TopicPartition source = new TopicPartition(topic, partition);
    consumer.assign(List.of(source));
    consumer.seek(source, from);
    long expected = from;
    long lastProgress = System.nanoTime();
    while (expected < to) {
      ConsumerRecords<byte[], byte[]> records = poll(partition, expected);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() != expected) {
          throw new IntegrityFault.Gap(partition, expected, record.offset());
        }
        handler.accept(logRecord(record));
        expected++;
        if (expected == to) {
          return;
        }
      }
      // Markers move the position and are not handed out; at the end nothing follows to show it.
      long position = consumer.position(source, patience);
      if (position > expected) {
        throw new IntegrityFault.Gap(partition, expected, position);
      }
      if (!records.isEmpty()) {
        lastProgress = System.nanoTime();
      } else if (System.nanoTime() - lastProgress > patience.toNanos()) {
        throw new LogUnavailable(
            "Kafka handed out nothing of %s-%d at offset %d for %d s"
                .formatted(topic, partition, expected, patience.toSeconds()),
            null);
      }
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(int partition, long expected) {
    try {
      return consumer.poll(POLL);
    } catch (KafkaException e) {
      // Damage has no type of its own: everything that may pass or be mended has one.
      if (e.getClass() == KafkaException.class) {
        throw new IntegrityFault.Damaged(partition, expected, e);
      }
      throw e;
    }
  }

  private static LogRecord logRecord(ConsumerRecord<byte[], byte[]> record) {
    Position position = new Position(record.partition(), record.offset());
    if (record.key() == null || record.value() == null) {
      throw new IntegrityFault.NoContent(position);
    }
    List<LogRecord.Header> headers = new ArrayList<>(6);
    for (Header header : record.headers()) {
      byte[] value = header.value();
      headers.add(
          new LogRecord.Header(header.key(), value == null ? Bytes.EMPTY : Bytes.wrap(value)));
    }
    return new LogRecord(position, record.key(), record.value(), record.timestamp(), headers);
  }

  private long offset(int partition, OffsetSpec spec, IsolationLevel isolation) {
    TopicPartition source = new TopicPartition(topic, partition);
    try {
      return admin
          .listOffsets(Map.of(source, spec), new ListOffsetsOptions(isolation))
          .partitionResult(source)
          .get(patience.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (ExecutionException e) {
      throw unavailable(e.getCause());
    } catch (TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private LogUnavailable unavailable(Throwable cause) {
    return new LogUnavailable("The topic " + topic + " cannot be read", cause);
  }

  private static Map<String, String> consumerSettings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "ledger-reader");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // What is not there is a fault, never a reason to read from somewhere else.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // A transaction must be seen, not hidden.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.CHECK_CRCS_CONFIG, "true");
    // What is asked for is there. Only a fetch ahead of it, past the end, would wait, and the next
    // replay behind it.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "1");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(RECORDS_AT_ONCE));
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(BYTES_AT_ONCE));
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(BYTES_AT_ONCE));
    return settings;
  }

  private static Map<String, String> adminSettings(Duration patience) {
    String millis = Long.toString(patience.toMillis());
    return Map.of(
        "client.id",
        "ledger-reader",
        "default.api.timeout.ms",
        millis,
        "request.timeout.ms",
        millis);
  }
}
