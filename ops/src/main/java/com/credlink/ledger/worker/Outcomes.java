package com.credlink.ledger.worker;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.worker.SignerWorker.OutcomeNotDurableException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** How a worker writes what it did. */
final class Outcomes {

  private final Ledger ledger;
  private final InstantSource clock;
  private final Ids ids;
  private final String worker;

  Outcomes(Ledger ledger, InstantSource clock, Ids ids, String worker) {
    this.ledger = ledger;
    this.clock = clock;
    this.ids = ids;
    this.worker = worker;
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  String worker() {
    return worker;
  }

  EventHeader header(String tenant, String correlationId, String causationId) {
    Instant now = now();
    return new EventHeader(
        ids.next(),
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, worker),
        "signer",
        correlationId,
        Optional.of(causationId),
        Optional.empty());
  }

  /** Waits until the fact is durable, and returns it. */
  LedgerEvent append(LedgerEvent event) throws OutcomeNotDurableException {
    try {
      ledger.append(event).join();
      return event;
    } catch (CompletionException e) {
      throw new OutcomeNotDurableException(event, e.getCause());
    }
  }
}
