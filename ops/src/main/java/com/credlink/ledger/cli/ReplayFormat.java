package com.credlink.ledger.cli;

import com.credlink.ledger.log.LogRecord;
import java.io.IOException;

/** How {@code replay} writes a record; each writes to the stream that it was made with. */
interface ReplayFormat {

  /** Writes the next record. */
  void write(LogRecord record) throws IOException;

  /** All records are written. */
  default void finish() throws IOException {}

  /** The formats by the names of {@code --format}. */
  enum Name {
    NDJSON,
    AVRO,
    RAW;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
