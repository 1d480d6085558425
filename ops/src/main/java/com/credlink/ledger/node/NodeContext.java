package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.NodeRole;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What every part of a node is made with.
 *
 * @param config the configuration
 * @param nodeId name of this process, the same after a restart
 * @param clock time
 * @param random randomness
 * @param ids event ids
 * @param closing what is closed in reverse, at the end or when the start fails
 * @param faults what ends the node
 * @param times how long the steps of the start take
 */
record NodeContext(
    Config config,
    String nodeId,
    InstantSource clock,
    SecureRandom random,
    Ids ids,
    Closing closing,
    Faults faults,
    StartTimes times) {

  /** A place in the data directory. */
  Path path(String name) {
    return config.dataDirectory().resolve(name);
  }

  /** Whether this process has {@code role}. */
  boolean has(NodeRole role) {
    return config.roles().contains(role);
  }

  /** Header of a fact that the node itself states. */
  EventHeader header(String tenant) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String id = ids.next();
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "node"),
        "node",
        id,
        Optional.empty(),
        Optional.empty());
  }
}
