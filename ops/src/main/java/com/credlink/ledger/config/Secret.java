package com.credlink.ledger.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that never shows itself: logs, error messages and {@code config show} print {@value #MASK}
 * in its place.
 */
public final class Secret {

  /** What stands where a secret would. */
  public static final String MASK = "********";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps {@code value}, which must not be blank. */
  public static Secret of(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret must not be empty");
    }
    return new Secret(value);
  }

  /** The secret itself, for the one place that uses it. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
