package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.NodeStarted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Small events for tests of the log, which does not look into them. */
final class Events {

  static final Instant OCCURRED = Instant.parse("2026-03-01T10:00:00.123456Z");
  static final Instant RECORDED = Instant.parse("2026-03-01T10:00:01.987654Z");

  private Events() {}

  static LedgerEvent started(String tenant, String id) {
    return started(tenant, id, Optional.empty());
  }

  static LedgerEvent started(String tenant, String id, Optional<String> traceparent) {
    return new NodeStarted(
        new EventHeader(
            id,
            tenant,
            OCCURRED,
            RECORDED,
            new Actor(ActorType.SYSTEM, "node-1"),
            "node",
            id,
            Optional.empty(),
            traceparent),
        "node-1",
        "0.1.0",
        List.of("api"),
        "process");
  }

  /** The event id is the value: enough to recognise a record. */
  static EventEncoder ids() {
    return event -> event.eventId().getBytes(UTF_8);
  }

  /** A value of so many bytes. */
  static EventEncoder ofSize(int bytes) {
    return _ -> new byte[bytes];
  }
}
