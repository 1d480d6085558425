package com.credlink.ledger.log;

import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach Kafka, the same for every client.
 *
 * @param bootstrap {@code host:port}, several separated by commas.
 * @param security settings of Kafka's own names that begin with {@code security.}, {@code sasl.} or
 *     {@code ssl.}; nothing else, because everything else is decided in code.
 */
public record KafkaConnection(String bootstrap, Map<String, String> security) {

  private static final List<String> ADMITTED = List.of("security.", "sasl.", "ssl.");

  public KafkaConnection {
    security = Map.copyOf(security);
    for (String key : security.keySet()) {
      if (ADMITTED.stream().noneMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "The Kafka setting '%s' cannot be given: only security.*, sasl.* and ssl.* can."
                .formatted(key));
      }
    }
  }

  /** Without encryption or authentication, as the embedded broker listens. */
  public static KafkaConnection plain(String bootstrap) {
    return new KafkaConnection(bootstrap, Map.of());
  }

  /**
   * A client's properties: the connection, {@code settings}, and what is the same for all: metrics
   * are read in the process, so nothing pays for JMX beans or for pushing them to the broker.
   */
  public Properties with(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.setProperty("metric.reporters", "");
    properties.setProperty("enable.metrics.push", "false");
    security.forEach(properties::setProperty);
    settings.forEach(properties::setProperty);
    properties.setProperty("bootstrap.servers", bootstrap);
    return properties;
  }
}
