package com.credlink.ledger.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first part of a node that can no longer work. A node without one of its parts would answer
 * and do half of its work, so its owner ends the process and leaves the restart to whoever watches
 * processes.
 */
final class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final CompletableFuture<String> first = new CompletableFuture<>();

  /** What the part called {@code part} tells its death to. */
  Consumer<Throwable> of(String part) {
    return cause -> {
      LOG.atError().setCause(cause).addKeyValue("part", part).log("A part died");
      first.complete("%s stopped working (%s)".formatted(part, reason(cause)));
    };
  }

  /** The same, for a part that completes a future. */
  void watch(String part, CompletableFuture<Throwable> fault) {
    var _ = fault.thenAccept(of(part));
  }

  /** Completes with a sentence at the first death. */
  CompletableFuture<String> first() {
    return first.copy();
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
