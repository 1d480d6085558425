package com.credlink.ledger.tlog;

/** The log could not be asked. Says nothing about what it holds. */
public final class LogUnreachable extends RuntimeException {

  LogUnreachable(String message, Throwable cause) {
    super(message, cause);
  }

  LogUnreachable(String message) {
    super(message);
  }
}
