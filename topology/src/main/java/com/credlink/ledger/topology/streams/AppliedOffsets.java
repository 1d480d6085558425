package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.Position;
import java.time.Duration;
import java.util.Map;
import java.util.Map.Entry;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How far the folds of this process have come in each partition, as a mirror of the {@code applied}
 * stores with a way to wait. Streams' own position bound moves only when a given store is written;
 * this moves on every record.
 *
 * <p>A record wakes those who wait for it and nobody else: hundreds of callers wait when the folds
 * are behind, and to wake them all at each record would keep the folds there.
 */
public final class AppliedOffsets {

  private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
  private final Map<Integer, ConcurrentNavigableMap<Long, Waiters>> waiting =
      new ConcurrentHashMap<>();

  /** Those who wait for one offset. */
  private record Waiters(CountDownLatch passed, int count) {

    static Waiters oneMore(Waiters known) {
      return known == null
          ? new Waiters(new CountDownLatch(1), 1)
          : new Waiters(known.passed, known.count + 1);
    }

    /** None when the last one has left. */
    Waiters oneLess(CountDownLatch left) {
      if (!passed.equals(left)) {
        return this;
      }
      return count == 1 ? null : new Waiters(passed, count - 1);
    }
  }

  /** Called by a task after every store of the record at {@code offset} is written. */
  public void advance(int partition, long offset) {
    applied.put(partition, offset);
    ConcurrentNavigableMap<Long, Waiters> waiters = waiting.get(partition);
    if (waiters == null) {
      return;
    }
    Entry<Long, Waiters> first = waiters.firstEntry();
    while (first != null && first.getKey() <= offset) {
      waiters.remove(first.getKey());
      first.getValue().passed.countDown();
      first = waiters.firstEntry();
    }
  }

  /** Called when a task leaves this process. */
  public void forget(int partition) {
    applied.remove(partition);
  }

  /** Last offset applied in {@code partition}, if this process owns it and has applied one. */
  public OptionalLong of(int partition) {
    Long offset = applied.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** Whether the folds have passed {@code position}. */
  public boolean covers(Position position) {
    Long offset = applied.get(position.partition());
    return offset != null && offset >= position.offset();
  }

  /** Waits until the folds have passed {@code position}; false when the time is over first. */
  public boolean await(Position position, Duration atMost) throws InterruptedException {
    if (covers(position)) {
      return true;
    }
    ConcurrentNavigableMap<Long, Waiters> waiters =
        waiting.computeIfAbsent(position.partition(), any -> new ConcurrentSkipListMap<>());
    long offset = position.offset();
    CountDownLatch passed =
        waiters.compute(offset, (key, known) -> Waiters.oneMore(known)).passed();
    try {
      // Looked at again after entering: the record may have come in between.
      return covers(position) || passed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      waiters.computeIfPresent(offset, (key, known) -> known.oneLess(passed));
    }
  }
}
