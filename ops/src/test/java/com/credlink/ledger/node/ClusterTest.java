package com.credlink.ledger.node;

import com.credlink.ledger.broker.KafkaNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A broker in this process that the node knows by its address alone. */
class ClusterTest extends ClusterContract {

  @TempDir private static Path broker;
  private static KafkaNode kafka;
  private static RegistryServer registry;

  @BeforeAll
  static void start() {
    kafka = KafkaNode.start(KafkaNode.Settings.in(broker));
    registry = RegistryServer.start(kafka.bootstrap(), 0);
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.close();
  }

  @Override
  String bootstrap() {
    return kafka.bootstrap();
  }

  @Override
  String registry() {
    return registry.url().toString();
  }
}
