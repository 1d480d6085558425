package com.credlink.ledger.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions whose log is not what it was or must be. Such a log is neither signed nor served until
 * somebody has looked: a fault does not go away by itself. Safe for many threads.
 */
public final class IntegrityFaults {

  private static final Logger LOG = LoggerFactory.getLogger(IntegrityFaults.class);

  private final Map<Integer, IntegrityFault> faults = new ConcurrentHashMap<>();
  private final List<Consumer<IntegrityFault>> listeners = new CopyOnWriteArrayList<>();

  /**
   * Reports a fault. The first one of a partition stays, unless it leaves the records in place and
   * the new one does not.
   */
  public void report(IntegrityFault fault) {
    int partition = fault.position().partition();
    IntegrityFault kept =
        faults.merge(partition, fault, (old, now) -> !old.isLoss() && now.isLoss() ? now : old);
    if (kept == fault) {
      LOG.atError()
          .addKeyValue("partition", partition)
          .addKeyValue("offset", fault.position().offset())
          .addKeyValue("reason", fault.getMessage())
          .log("The log failed its integrity check");
      listeners.forEach(listener -> listener.accept(fault));
    }
  }

  /** Calls {@code listener} with each fault that is reported from now on. */
  public void onReport(Consumer<IntegrityFault> listener) {
    listeners.add(listener);
  }

  /** What is wrong with a partition. */
  public Optional<IntegrityFault> of(int partition) {
    return Optional.ofNullable(faults.get(partition));
  }

  /** What is lost of a partition, so that nothing of it is written or served any more. */
  public Optional<IntegrityFault> loss(int partition) {
    return of(partition).filter(IntegrityFault::isLoss);
  }

  /** Every fault, by partition. */
  public Map<Integer, IntegrityFault> all() {
    return Map.copyOf(faults);
  }
}
