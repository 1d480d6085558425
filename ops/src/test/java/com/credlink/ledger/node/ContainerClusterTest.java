package com.credlink.ledger.node;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.kafka.KafkaContainer;

/** The broker of the official image: profile {@code docker}. */
@Tag("docker")
class ContainerClusterTest extends ClusterContract {

  private static final String IMAGE = "apache/kafka:4.3.1";

  private static KafkaContainer kafka;
  private static RegistryServer registry;

  @BeforeAll
  static void start() {
    kafka =
        new KafkaContainer(IMAGE)
            .withEnv("KAFKA_GROUP_COORDINATOR_REBALANCE_PROTOCOLS", "classic,consumer,share")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    kafka.start();
    registry = RegistryServer.start(kafka.getBootstrapServers(), 0);
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.stop();
  }

  @Override
  String bootstrap() {
    return kafka.getBootstrapServers();
  }

  @Override
  String registry() {
    return registry.url().toString();
  }
}
