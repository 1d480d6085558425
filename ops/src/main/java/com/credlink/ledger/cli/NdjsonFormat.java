package com.credlink.ledger.cli;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.verify.RecordRow;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;

/** One JSON object a line: the event, its exact bytes, and their entry in the log's tree. */
final class NdjsonFormat implements ReplayFormat {

  private final OutputStream out;
  private final EntryHasher entries;
  private final RecordRow rows;
  private final ObjectMapper json = new ObjectMapper();

  NdjsonFormat(OutputStream out, EntryHasher entries, RecordRow rows) {
    this.out = out;
    this.entries = entries;
    this.rows = rows;
  }

  @Override
  public void write(LogRecord record) throws IOException {
    byte[] entry = entries.entry(record.key(), record.value());
    out.write(json.writeValueAsBytes(rows.of(record, entry)));
    out.write('\n');
  }
}
