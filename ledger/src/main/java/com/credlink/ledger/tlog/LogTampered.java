package com.credlink.ledger.tlog;

import java.util.OptionalLong;

/** What the log published does not hold together. The message says where and how. */
public final class LogTampered extends RuntimeException {

  private final OptionalLong index;
  private final String reason;

  /** Where no entry can be named. */
  public LogTampered(String message) {
    super(message);
    this.index = OptionalLong.empty();
    this.reason = message;
  }

  /** The entry {@code index} is the first that is wrong. */
  public LogTampered(long index, String message) {
    super("entry %d: %s".formatted(index, message));
    this.index = OptionalLong.of(index);
    this.reason = message;
  }

  /** The first entry that is wrong, where that can be told; its index is its Kafka offset. */
  public OptionalLong index() {
    return index;
  }

  /** What is wrong there, without the entry's number. */
  public String reason() {
    return reason;
  }
}
