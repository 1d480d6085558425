package com.credlink.ledger.log;

import java.time.Duration;

/**
 * How a {@link Ledger} appends.
 *
 * @param connection where the log is.
 * @param topic {@link Topics#EVENTS}, except in a benchmark.
 * @param partitions its number of partitions, which decides where a tenant lives. {@link
 *     TopicAdmin#check} says whether it is true.
 * @param deadline within this an append is acknowledged or has failed; at least {@link
 *     #SHORTEST_DEADLINE}.
 * @param clientId names this writer in the broker's metrics and logs.
 */
public record LedgerConfig(
    KafkaConnection connection, String topic, int partitions, Duration deadline, String clientId) {

  /** A webhook must be answered within five seconds, of which the log may take two. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(2);

  /** Below this a pause of a collector would fail appends. */
  public static final Duration SHORTEST_DEADLINE = Duration.ofMillis(200);

  public LedgerConfig {
    if (deadline.compareTo(SHORTEST_DEADLINE) < 0) {
      throw new IllegalArgumentException(
          "The append deadline %d ms is below %d ms."
              .formatted(deadline.toMillis(), SHORTEST_DEADLINE.toMillis()));
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("A log has at least one partition.");
    }
  }

  /** The events topic of {@code topics} with the default deadline. */
  public static LedgerConfig of(KafkaConnection connection, Topics topics) {
    return new LedgerConfig(
        connection, Topics.EVENTS, topics.partitions(), DEFAULT_DEADLINE, "ledger");
  }

  /** The same with another deadline. */
  public LedgerConfig withDeadline(Duration newDeadline) {
    return new LedgerConfig(connection, topic, partitions, newDeadline, clientId);
  }

  /** The same under another name. */
  public LedgerConfig withClientId(String newClientId) {
    return new LedgerConfig(connection, topic, partitions, deadline, newClientId);
  }
}
