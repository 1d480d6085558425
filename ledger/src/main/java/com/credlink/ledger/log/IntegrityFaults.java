package com.credlink.ledger.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions whose log is not what it was or must be. Such a log is neither signed nor served until
 * somebody has looked: a fault does not go away by itself.
 */
public final class IntegrityFaults {

  private static final Logger LOG = LoggerFactory.getLogger(IntegrityFaults.class);

  private final Map<Integer, String> reasons = new ConcurrentHashMap<>();

  /** Reports a fault; the first one of a partition stays. */
  public void report(int partition, String reason) {
    if (reasons.putIfAbsent(partition, reason) == null) {
      LOG.atError()
          .addKeyValue("partition", partition)
          .addKeyValue("reason", reason)
          .log("The log failed its integrity check");
    }
  }

  /** What is wrong with a partition, as a sentence. */
  public Optional<String> of(int partition) {
    return Optional.ofNullable(reasons.get(partition));
  }

  /** Every fault, by partition. */
  public Map<Integer, String> all() {
    return Map.copyOf(reasons);
  }
}
