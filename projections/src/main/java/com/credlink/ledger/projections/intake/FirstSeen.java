package com.credlink.ledger.projections.intake;

import java.time.Duration;
import java.time.Instant;

/**
 * The first fact of its kind: the delivery that a webhook id or a body was first seen in, or the
 * request that an idempotency key made.
 *
 * @param id event id or request id
 * @param tenant tenant
 * @param at when the ledger took it
 * @param hash what the first one was, for telling the same from another; may be empty
 */
public record FirstSeen(
    String id, String tenant, Instant at, com.credlink.ledger.event.Bytes hash) {

  /** How long a delivery and an idempotency key are remembered, by the log's own time. */
  public static final Duration MEMORY = Duration.ofDays(2);

  /** How long a resource stays bound to the shop that named it last. */
  public static final Duration BINDING = Duration.ofDays(30);

  /** Whether it is still remembered at {@code now}. */
  public boolean remembered(Instant now, Duration memory) {
    return !now.isAfter(at.plus(memory));
  }
}
