package com.credlink.ledger.tlog;

import java.util.OptionalLong;

/** What the log published does not hold together. The message says where and how. */
public final class LogTampered extends RuntimeException {

  private final OptionalLong index;

  LogTampered(String message) {
    super(message);
    this.index = OptionalLong.empty();
  }

  LogTampered(long index, String message) {
    super("entry %d: %s".formatted(index, message));
    this.index = OptionalLong.of(index);
  }

  /** The first entry that is wrong, where that can be told; its index is its Kafka offset. */
  public OptionalLong index() {
    return index;
  }
}
