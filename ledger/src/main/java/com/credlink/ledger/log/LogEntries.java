package com.credlink.ledger.log;

import com.credlink.ledger.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of the transparency logs, made anew from the records themselves: nothing between the
 * log and its readers keeps them. Safe for many threads, one after the other.
 */
public final class LogEntries implements AutoCloseable {

  private final KafkaConnection connection;
  private final EntryHasher hasher;
  private LedgerReader reader;

  /** Entries of the log behind {@code connection}; it is opened when first asked. */
  public LogEntries(KafkaConnection connection, SchemaRegistry registry) {
    this.connection = connection;
    this.hasher = new EntryHasher(registry);
  }

  /**
   * The entries of a partition from {@code from} up to, not including, {@code to}.
   *
   * @throws IntegrityFault if the log does not have them
   * @throws LogUnavailable if Kafka does not answer
   */
  public synchronized List<byte[]> read(int partition, long from, long to) {
    if (reader == null) {
      reader = new LedgerReader(connection);
    }
    List<byte[]> entries = new ArrayList<>();
    reader.replay(
        partition, from, to, record -> entries.add(hasher.entry(record.key(), record.value())));
    return entries;
  }

  @Override
  public synchronized void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
