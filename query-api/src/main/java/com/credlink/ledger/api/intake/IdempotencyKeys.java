package com.credlink.ledger.api.intake;

import io.javalin.http.Context;
import java.util.Optional;

/** The header {@code Idempotency-Key} of a POST that creates. */
final class IdempotencyKeys {

  /** Longest key taken, in characters. */
  static final int MAX_LENGTH = 255;

  private IdempotencyKeys() {}

  /** The request's key, if it has one. */
  static Optional<String> of(Context ctx) {
    String key = ctx.header("Idempotency-Key");
    if (key != null && (key.isBlank() || key.length() > MAX_LENGTH)) {
      throw JsonBodies.malformed(
          "The Idempotency-Key is empty or longer than " + MAX_LENGTH + " characters.");
    }
    return Optional.ofNullable(key);
  }
}
