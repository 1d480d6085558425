package com.credlink.ledger.verify;

import com.credlink.ledger.log.LogRecord;

/**
 * One partition of a topic, as a verifier reads it. Every method throws {@link
 * com.credlink.ledger.log.LogUnavailable} when the log cannot be asked.
 */
public interface RecordLog {

  /** Number of the partition. */
  int partition();

  /** The first offset that is still there. */
  long start();

  /** The offset that the next record will get. */
  long end();

  /** The records from {@code from} up to, not including, {@code to}, in the order of the log. */
  Records read(long from, long to);

  /** Records, one after the other. */
  interface Records extends AutoCloseable {

    /**
     * Whether another record follows.
     *
     * @throws com.credlink.ledger.log.IntegrityFault if the log is found not to be dense
     */
    boolean hasNext();

    /** The next record. */
    LogRecord next();

    @Override
    void close();
  }
}
