package com.credlink.ledger.bench;

import java.util.concurrent.atomic.AtomicReference;

/** The first failure of several threads: a figure that failures made is worth nothing. */
final class Failure {

  private final AtomicReference<Exception> first = new AtomicReference<>();

  void set(Exception failure) {
    first.compareAndSet(null, failure);
  }

  boolean isNone() {
    return first.get() == null;
  }

  void rethrow() throws Exception {
    Exception failure = first.get();
    if (failure != null) {
      throw failure;
    }
  }
}
