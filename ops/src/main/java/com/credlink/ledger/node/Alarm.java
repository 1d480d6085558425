package com.credlink.ledger.node;

import com.credlink.ledger.event.AlertRaised;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.Ledger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a fault of the log known: as an event, where that can still be written, and as a metric.
 */
final class Alarm {

  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private Alarm() {}

  /**
   * Raises what was found so far and what will be.
   *
   * @param origin of the log of each partition
   */
  static void install(
      NodeContext node, LogAccess log, IntFunction<String> origin, MeterRegistry metrics) {
    for (int partition = 0; partition < log.topics().partitions(); partition++) {
      int of = partition;
      Gauge.builder("ledger.log.integrity.fault", () -> log.faults().of(of).isPresent() ? 1 : 0)
          .description("1 where the log of a partition failed its integrity check")
          .tag("partition", Integer.toString(partition))
          .register(metrics);
    }
    log.faults().onReport(fault -> raise(node, log.ledger(), origin, fault));
    log.faults().all().values().forEach(fault -> raise(node, log.ledger(), origin, fault));
  }

  private static void raise(
      NodeContext node, Ledger ledger, IntFunction<String> origin, IntegrityFault fault) {
    var _ =
        ledger
            .append(
                new AlertRaised(
                    node.header(LedgerEvent.PLATFORM),
                    "log_integrity",
                    "critical",
                    origin.apply(fault.position().partition()),
                    fault.getMessage()))
            .exceptionally(
                failure -> {
                  LOG.atWarn().setCause(failure).log("The alert could not be written to the log");
                  return null;
                });
  }
}
