package com.credlink.ledger.log;

import com.credlink.ledger.event.Bytes;
import java.util.List;

/**
 * One record as it stands in the log, byte for byte.
 *
 * @param position where it stands.
 * @param key its key, not to be changed.
 * @param value its value, not to be changed.
 * @param timestamp its timestamp in milliseconds since 1970.
 * @param headers its headers in order.
 */
@SuppressWarnings("ArrayRecordComponent") // A replay hands on millions; nobody compares them.
public record LogRecord(
    Position position, byte[] key, byte[] value, long timestamp, List<Header> headers) {

  /**
   * One header of a record.
   *
   * @param name its name.
   * @param value its bytes.
   */
  public record Header(String name, Bytes value) {}

  public LogRecord {
    headers = List.copyOf(headers);
  }
}
