package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.Position;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far the folds of this process have come in each partition, as a mirror of the {@code applied}
 * stores with a way to wait. Streams' own position bound moves only when a given store is written;
 * this moves on every record.
 */
public final class AppliedOffsets {

  private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Called by a task after every store of the record at {@code offset} is written. */
  public void advance(int partition, long offset) {
    applied.put(partition, offset);
    if (waiting.get() > 0) {
      signal();
    }
  }

  /** Called when a task leaves this process. */
  public void forget(int partition) {
    applied.remove(partition);
    signal();
  }

  private void signal() {
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
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
    long nanos = atMost.toNanos();
    waiting.incrementAndGet();
    lock.lock();
    try {
      while (!covers(position)) {
        if (nanos <= 0) {
          return false;
        }
        nanos = moved.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
      waiting.decrementAndGet();
    }
  }
}
