package com.credlink.ledger.api.admin;

import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Traceparent;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Heads of the events that administrators cause. */
final class AdminEvents {

  /** Where what they ask for comes in. */
  static final String SOURCE = "gateway/api";

  private final InstantSource clock;
  private final Ids ids;

  AdminEvents(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** Caused by the decision that let the caller in; of {@code tenant}, else of the platform. */
  EventHeader header(Context ctx, Optional<String> tenant, Admitted admitted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return new EventHeader(
        ids.next(),
        tenant.orElse(LedgerEvent.PLATFORM),
        now,
        now,
        admitted.actor(),
        SOURCE,
        admitted.decisionId(),
        Optional.of(admitted.decisionId()),
        Optional.ofNullable(ctx.header("traceparent")).filter(Traceparent::isValid));
  }
}
