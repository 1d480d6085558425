package com.credlink.ledger.api.access;

import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.DecisionVoided;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions whose fate is unknown: their callers were refused, so the log must say that an allow
 * found there did not count. Written when the log answers again. They live as long as the process;
 * a process that dies before leaves a decision without its answer, which the decision's own time
 * tells.
 */
public final class VoidedDecisions {

  /** How many may wait; beyond that the oldest are let go, loudly. */
  static final int MAX_WAITING = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(VoidedDecisions.class);

  private final Ledger ledger;
  private final InstantSource clock;
  private final Deque<AuthDecided> waiting = new ArrayDeque<>();

  /** Writes to {@code ledger}. */
  public VoidedDecisions(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** A decision of unknown fate. */
  public synchronized void add(AuthDecided decision) {
    if (waiting.size() == MAX_WAITING) {
      LOG.atError()
          .addKeyValue("decision", waiting.removeFirst().eventId())
          .log("Too many decisions of unknown fate; the oldest will not be voided");
    }
    waiting.add(decision);
  }

  /** Writes what waits, oldest first, until the log fails again; called every few seconds. */
  public synchronized void tick() {
    while (!waiting.isEmpty()) {
      try {
        ledger.appendAndWait(voided(waiting.peek()));
        waiting.remove();
      } catch (AppendException unavailable) {
        return;
      }
    }
  }

  private DecisionVoided voided(AuthDecided decision) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    EventHeader about = decision.header();
    return new DecisionVoided(
        new EventHeader(
            Ids.derived("DecisionVoided", decision.eventId()),
            about.tenant(),
            now,
            now,
            about.actor(),
            about.source(),
            about.correlationId(),
            Optional.of(decision.eventId()),
            Optional.empty()),
        decision.eventId(),
        "append_timed_out");
  }
}
