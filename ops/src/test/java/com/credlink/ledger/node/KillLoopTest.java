package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.node.LedgerClient.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 again and again under load: always the same tree, and never two of them signed. */
class KillLoopTest {

  private static final int KILLS = 5;
  private static final int ACKNOWLEDGED_BEFORE_A_KILL = 60;
  private static final int SPREAD = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @Test
  void shouldSignOneHistoryAndLoseNothingHoweverOftenItIsKilled() throws Exception {
    Path data = directory.resolve("data");
    LogLoad load = new LogLoad();
    Random random = new Random(3);
    for (int kill = 1; kill <= KILLS; kill++) {
      try (var node = ForkedNode.start(data)) {
        node.client().get("/healthz/ready", Caller.NOBODY).expect(200);
        ExecutorService senders = load.start(node);
        int enough =
            load.acknowledged().size() + ACKNOWLEDGED_BEFORE_A_KILL + random.nextInt(SPREAD);
        await().atMost(PATIENCE).until(() -> load.acknowledged().size() >= enough);
        node.kill();
        load.stop(senders);
      }
    }

    try (var node = ForkedNode.start(data)) {
      node.client().get("/healthz/ready", Caller.NOBODY).expect(200);
      assertThat(node.stop()).as("exit code of a stop by SIGTERM").isZero();
    }
    LogOracle oracle = LogOracle.of(data, _ -> true);
    load.acknowledged().forEach(oracle::shouldHave);
    load.seen()
        .forEach(
            (partition, heads) ->
                heads.stream()
                    .distinct()
                    .forEach(head -> oracle.shouldBeOfTheRecords(partition, head)));
    assertThat(load.acknowledged()).hasSizeGreaterThan(KILLS * ACKNOWLEDGED_BEFORE_A_KILL);
    assertThat(oracle.checkpoints()).isGreaterThan(KILLS);
  }
}
