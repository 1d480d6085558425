package com.credlink.ledger.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: its name in {@code ledger.yaml}, what it means, its default, and how its text is
 * read.
 *
 * @param name dotted name; {@code a[].b} stands in each entry of the list {@code a}, {@code a.*}
 *     takes any name below {@code a}
 * @param parse text to value; throws {@link IllegalArgumentException} whose message continues "name
 *     'text' ..."
 * @param embedded the default of {@code ledger up}; empty text is "not set"
 * @param cluster the default of {@code ledger serve}
 * @param only the only profile in which the key means anything
 * @param secret whether {@code config show} masks it
 */
record ConfigKey<T>(
    String name,
    Function<String, T> parse,
    String embedded,
    String cluster,
    Optional<Config.Profile> only,
    boolean secret,
    String description) {

  String defaultIn(Config.Profile profile) {
    return switch (profile) {
      case EMBEDDED -> embedded;
      case CLUSTER -> cluster;
    };
  }

  /** The environment variable that sets the key, for a key that is neither in a list nor a map. */
  String variable() {
    return ConfigSettings.PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  boolean inList() {
    return name.contains("[]");
  }

  boolean isMap() {
    return name.endsWith(".*");
  }
}
