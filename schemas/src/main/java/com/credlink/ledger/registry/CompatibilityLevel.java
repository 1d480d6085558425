package com.credlink.ledger.registry;

import java.util.Arrays;
import java.util.Optional;

/** What a new version of a schema must be able to do, by Confluent's names. */
public enum CompatibilityLevel {
  /** Anything goes. */
  NONE(false, false, false),
  /** The new schema reads what the latest version wrote. */
  BACKWARD(true, false, false),
  /** The new schema reads what any version wrote. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The latest version reads what the new schema writes. */
  FORWARD(false, true, false),
  /** Every version reads what the new schema writes. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both ways with the latest version. */
  FULL(true, true, false),
  /** Both ways with every version. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean backward;
  private final boolean forward;
  private final boolean transitive;

  CompatibilityLevel(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  /** The new schema must read old data. */
  public boolean backward() {
    return backward;
  }

  /** Old schemas must read new data. */
  public boolean forward() {
    return forward;
  }

  /** All versions count, not only the latest. */
  public boolean transitive() {
    return transitive;
  }

  /** The level of that name, in capitals or not; empty if there is none. */
  public static Optional<CompatibilityLevel> of(String name) {
    return Arrays.stream(values()).filter(level -> level.name().equalsIgnoreCase(name)).findFirst();
  }
}
