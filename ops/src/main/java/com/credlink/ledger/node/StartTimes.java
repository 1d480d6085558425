package com.credlink.ledger.node;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the time of a start went, for whoever waits for one. */
final class StartTimes {

  private static final Logger LOG = LoggerFactory.getLogger(StartTimes.class);

  private final Map<String, Long> millis = new LinkedHashMap<>();
  private long last = System.nanoTime();

  /** The step called {@code name} is done; it began when the one before it ended. */
  void done(String name) {
    long now = System.nanoTime();
    millis.merge(name, (now - last) / 1_000_000, Long::sum);
    last = now;
  }

  /** Writes them to the log, in milliseconds. */
  void log() {
    var line = LOG.atInfo();
    for (var step : millis.entrySet()) {
      line = line.addKeyValue(step.getKey(), step.getValue());
    }
    line.log("started");
  }
}
