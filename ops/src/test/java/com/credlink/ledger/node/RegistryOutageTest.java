package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.RegistryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose broker goes away and comes back. */
class RegistryOutageTest {

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final Schema BEFORE = Schema.create(Schema.Type.STRING);
  private static final Schema DURING = Schema.create(Schema.Type.BYTES);

  @TempDir private Path directory;

  @Test
  void shouldAnswerWhatItKnowsRefuseWhatItCannotKeepAndRecover() {
    KafkaNode.Settings where = KafkaNode.Settings.in(directory);
    KafkaNode broker = KafkaNode.start(where);
    int port = broker.port();
    try (RegistryServer server =
            RegistryServer.start(
                RegistryServer.Settings.of(broker.bootstrap(), Topics.embedded(), 0)
                    .within(SHORT));
        HttpSchemaRegistry client =
            HttpSchemaRegistry.builder(List.of(server.url()), new Random(1))
                .deadline(SHORT.multipliedBy(3))
                .build()) {
      int id = client.register("s", BEFORE);

      broker.close();

      assertThatThrownBy(() -> client.register("t", DURING))
          .isInstanceOfSatisfying(
              RegistryException.Failed.class,
              failure -> assertThat(failure.errorCode()).isIn(50001, 50002));
      assertThat(client.latest("s").id()).isEqualTo(id);

      broker = KafkaNode.start(where.onPort(port));

      await()
          .atMost(RECOVERY)
          .ignoreExceptionsInstanceOf(RegistryException.class)
          .untilAsserted(() -> assertThat(client.register("t", DURING)).isEqualTo(id + 1));
      assertThat(client.latest("t").version()).isEqualTo(1);
    } finally {
      broker.close();
    }
  }
}
