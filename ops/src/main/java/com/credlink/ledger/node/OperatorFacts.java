package com.credlink.ledger.node;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Facts that an operator's command states into the log of a node that does not run. */
final class OperatorFacts implements AutoCloseable {

  private final Ledger ledger;
  private final String command;
  private final InstantSource clock;
  private final Ids ids;

  /**
   * For one command.
   *
   * @param command that states them, such as {@code ledger log seal}
   */
  OperatorFacts(StoredLog log, String command, SecureRandom random, InstantSource clock) {
    EventSerde serde =
        new EventSerde(EventCatalogue.load(), log.registry(), Registration.REGISTER, Topics.EVENTS);
    LedgerConfig config =
        new LedgerConfig(
            log.connection(),
            Topics.EVENTS,
            log.partitions(),
            LedgerConfig.DEFAULT_DEADLINE,
            "ledger-operator");
    this.ledger = new Ledger(config, serde::serialize);
    this.command = command;
    this.clock = clock;
    this.ids = Ids.uuidV7(clock, random);
  }

  /** A header for the next fact. */
  EventHeader header() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String id = ids.next();
    return new EventHeader(
        id,
        LedgerEvent.PLATFORM,
        now,
        now,
        new Actor(ActorType.OPERATOR, command),
        "cli",
        id,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns when the log has the fact. */
  void state(LedgerEvent fact) {
    var _ = ledger.appendAndWait(fact);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
