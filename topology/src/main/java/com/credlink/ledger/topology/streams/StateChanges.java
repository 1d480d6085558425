package com.credlink.ledger.topology.streams;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes long polls when the state of one signing request changes in this process. */
public final class StateChanges {

  private final Map<String, Set<Subscription>> waiting = new ConcurrentHashMap<>();

  /** A subscription to one request; completed at its next change, to be closed in any case. */
  public final class Subscription implements AutoCloseable {

    private final String key;
    private final CompletableFuture<Void> changed = new CompletableFuture<>();

    private Subscription(String key) {
      this.key = key;
    }

    /** Completed at the next change. */
    public CompletableFuture<Void> changed() {
      return changed;
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          key,
          (k, subscribers) -> {
            subscribers.remove(this);
            return subscribers.isEmpty() ? null : subscribers;
          });
    }
  }

  /**
   * Subscribes to {@code tenant}'s request; read its state after this call, not before, so that no
   * change is missed.
   */
  public Subscription subscribe(String tenant, String requestId) {
    Subscription subscription = new Subscription(tenant + '|' + requestId);
    waiting.compute(
        subscription.key,
        (k, subscribers) -> {
          Set<Subscription> set = subscribers == null ? ConcurrentHashMap.newKeySet() : subscribers;
          set.add(subscription);
          return set;
        });
    return subscription;
  }

  /** Called by a task after the state is written. */
  public void changed(String tenant, String requestId) {
    if (waiting.isEmpty()) {
      return;
    }
    Set<Subscription> subscribers = waiting.get(tenant + '|' + requestId);
    if (subscribers != null) {
      subscribers.forEach(subscription -> subscription.changed.completeAsync(() -> null));
    }
  }
}
