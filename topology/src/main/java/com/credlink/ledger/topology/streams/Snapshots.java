package com.credlink.ledger.topology.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Where readers ask for snapshots, and the threads that write the stores look between records. */
public final class Snapshots {

  /** How often they look. */
  public static final Duration LOOK = Duration.ofMillis(50);

  private final Map<Integer, CompletableFuture<Snapshot>> asked = new ConcurrentHashMap<>();

  /**
   * Asks for a snapshot of the stores of {@code partition}. Whoever does not wait any longer
   * cancels it.
   */
  public CompletableFuture<Snapshot> of(int partition) {
    CompletableFuture<Snapshot> mine = new CompletableFuture<>();
    CompletableFuture<Snapshot> before = asked.put(partition, mine);
    if (before != null) {
      before.cancel(false);
    }
    return mine;
  }

  /** Answers who has asked for {@code partition}, if there is a snapshot to be had. */
  public void answer(int partition, Supplier<Optional<Snapshot>> take) {
    CompletableFuture<Snapshot> waiting = asked.get(partition);
    if (waiting == null) {
      return;
    }
    if (waiting.isDone()) {
      asked.remove(partition, waiting);
      return;
    }
    take.get()
        .ifPresent(
            snapshot -> {
              asked.remove(partition, waiting);
              if (!waiting.complete(snapshot)) {
                snapshot.close();
              }
            });
  }
}
