package com.credlink.ledger.log;

/** Kafka did not answer in time, or refused. Says nothing about what the log holds. */
public final class LogUnavailable extends RuntimeException {
  LogUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
