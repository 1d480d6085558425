package com.credlink.ledger.verify;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A partition of a topic in Kafka. Records are fetched ahead by a thread of their own. */
public final class KafkaRecordLog implements RecordLog, AutoCloseable {

  /** Handed over at once: few hand-overs, and little memory where records are large. */
  private static final int BATCH_RECORDS = 1_000;

  private static final int BATCH_BYTES = 1024 * 1024;

  /** Batches that wait for the verifier. */
  private static final int AHEAD = 4;

  private final KafkaConnection connection;
  private final String topic;
  private final int partition;
  private final LedgerReader offsets;

  /** The partition of {@code topic}, which must be dense. */
  public KafkaRecordLog(KafkaConnection connection, String topic, int partition) {
    this.connection = connection;
    this.topic = topic;
    this.partition = partition;
    this.offsets = new LedgerReader(connection, topic, LedgerReader.PATIENCE);
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public long start() {
    return offsets.start(partition);
  }

  @Override
  public long end() {
    return offsets.end(partition);
  }

  @Override
  public Records read(long from, long to) {
    return new Fetched(from, to);
  }

  @Override
  public void close() {
    offsets.close();
  }

  /** What the fetching thread says: records, or how it ended. */
  private sealed interface Message {
    record Batch(List<LogRecord> records) implements Message {}

    record Ended() implements Message {}

    record Failed(RuntimeException cause) implements Message {}
  }

  /** Ends the fetching thread, whose reader knows no other way. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final class Fetched implements Records {
    private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(AHEAD);
    private final Queue<LogRecord> records = new ArrayDeque<>();
    private final Thread thread;
    private List<LogRecord> batch = new ArrayList<>();
    private int bytes;
    private boolean ended;

    private Fetched(long from, long to) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .name("fetch-" + topic + "-" + partition)
              .start(() -> fetch(from, to));
    }

    private void fetch(long from, long to) {
      try {
        Message last = replay(from, to);
        send();
        messages.put(last);
      } catch (Stopped | InterruptedException nobodyWaits) {
        Thread.currentThread().interrupt();
      }
    }

    private Message replay(long from, long to) {
      try (LedgerReader reader = new LedgerReader(connection, topic, LedgerReader.PATIENCE)) {
        reader.replay(partition, from, to, this::add);
        return new Message.Ended();
      } catch (Stopped e) {
        throw e;
      } catch (RuntimeException e) {
        return new Message.Failed(e);
      }
    }

    private void add(LogRecord record) {
      batch.add(record);
      bytes += record.value().length;
      if (batch.size() == BATCH_RECORDS || bytes >= BATCH_BYTES) {
        send();
      }
    }

    private void send() {
      try {
        messages.put(new Message.Batch(batch));
      } catch (InterruptedException e) {
        throw new Stopped();
      }
      batch = new ArrayList<>();
      bytes = 0;
    }

    @Override
    public boolean hasNext() {
      while (records.isEmpty() && !ended) {
        switch (take()) {
          case Message.Batch(List<LogRecord> more) -> records.addAll(more);
          case Message.Ended() -> ended = true;
          case Message.Failed(RuntimeException cause) -> {
            ended = true;
            throw cause;
          }
        }
      }
      return !records.isEmpty();
    }

    private Message take() {
      try {
        return messages.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while reading " + topic, e);
      }
    }

    @Override
    public LogRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return records.remove();
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
