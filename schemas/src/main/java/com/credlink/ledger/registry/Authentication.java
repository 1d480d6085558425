package com.credlink.ledger.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** How a client shows who it is. */
public sealed interface Authentication {

  /** The value of the Authorization header; empty for none. */
  Optional<String> header();

  /** No credentials. */
  static Authentication none() {
    return new None();
  }

  /** User name and password (RFC 7617). */
  static Authentication basic(String user, String password) {
    return new Basic(user, password);
  }

  /** A token (RFC 6750), asked for at each call, so that it may be renewed. */
  static Authentication bearer(Supplier<String> token) {
    return new Bearer(token);
  }

  /** No credentials. */
  record None() implements Authentication {
    @Override
    public Optional<String> header() {
      return Optional.empty();
    }
  }

  /** User name and password. */
  record Basic(String user, String password) implements Authentication {
    @Override
    public Optional<String> header() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Basic[" + user + "]";
    }
  }

  /** A token. */
  record Bearer(Supplier<String> token) implements Authentication {
    @Override
    public Optional<String> header() {
      return Optional.of("Bearer " + token.get());
    }
  }
}
