package com.credlink.ledger.topology.signing;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Commits soon after an output that somebody waits for.
 *
 * <p>What is sent becomes visible with a commit, and each commit costs a marker in every partition
 * that was written. While the log is read up to its end nobody waits, and the long interval of the
 * application decides: a replay takes little more than half the time then.
 */
final class PromptCommit {

  /** A worker waits this long at most for a job that is ready. */
  static final Duration WITHIN = Duration.ofMillis(100);

  /** A fact older than this is being replayed. */
  static final Duration RECENT = Duration.ofSeconds(5);

  private final ProcessorContext<?, ?> context;
  private boolean awaited;

  PromptCommit(ProcessorContext<?, ?> context) {
    this.context = context;
    context.schedule(WITHIN, PunctuationType.WALL_CLOCK_TIME, now -> commit());
  }

  /** Something was sent because of the fact that is being processed, or because time has come. */
  void sent() {
    awaited = awaited || context.currentSystemTimeMs() - factTime() < RECENT.toMillis();
  }

  private long factTime() {
    return context.recordMetadata().isPresent()
        ? context.currentStreamTimeMs()
        : context.currentSystemTimeMs();
  }

  private void commit() {
    if (awaited) {
      awaited = false;
      context.commit();
    }
  }
}
