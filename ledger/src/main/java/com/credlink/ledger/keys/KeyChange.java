package com.credlink.ledger.keys;

import com.credlink.ledger.event.Actor;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of a key that is in the ring's file and that the log must be told of. It is written
 * together with the change, so that neither exists without the other after a crash.
 *
 * @param kind what changed.
 * @param keyId whose.
 * @param reason why, in one word of a fixed vocabulary.
 * @param at when.
 * @param cause who wanted it.
 */
public record KeyChange(Kind kind, String keyId, String reason, Instant at, Cause cause) {

  /** The facts of a key's life, in their order. */
  public enum Kind {
    CREATED,
    CERTIFIED,
    ACTIVATED,
    RETIRED,
    DESTROYED
  }

  /**
   * Who wanted a change.
   *
   * @param actor person or part of the system.
   * @param source where that came in.
   * @param causationId the fact that caused it, such as the decision that let the caller in.
   */
  public record Cause(Actor actor, String source, Optional<String> causationId) {}
}
