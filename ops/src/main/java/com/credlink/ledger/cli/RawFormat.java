package com.credlink.ledger.cli;

import com.credlink.ledger.log.LogRecord;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** {@code u32be length | key | u32be length | value} for each record. */
final class RawFormat implements ReplayFormat {

  private final DataOutputStream out;

  RawFormat(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  @Override
  public void write(LogRecord record) throws IOException {
    write(record.key());
    write(record.value());
  }

  private void write(byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
