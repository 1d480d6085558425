package com.credlink.ledger.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A bounded cache that forgets what was not used for longest, and in which many who ask for the
 * same thing at once cause one load. A failed load is not kept.
 */
final class SharedCache<K, V> {

  private final Map<K, CompletableFuture<V>> entries;

  SharedCache(int capacity) {
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, CompletableFuture<V>> eldest) {
            return size() > capacity;
          }
        };
  }

  V get(K key, Supplier<V> load) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> shared;
    synchronized (entries) {
      shared = entries.putIfAbsent(key, mine);
    }
    if (shared != null) {
      return join(shared);
    }
    try {
      mine.complete(load.get());
    } catch (RuntimeException | Error e) {
      synchronized (entries) {
        entries.remove(key, mine);
      }
      mine.completeExceptionally(e);
    }
    return join(mine);
  }

  private static <V> V join(CompletableFuture<V> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
