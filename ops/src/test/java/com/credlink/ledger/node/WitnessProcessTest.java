package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.witness.WitnessClient;
import com.credlink.ledger.tlog.witness.WitnessClient.Reply;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger witness} from the outside: what it says, and what survives kill -9. */
class WitnessProcessTest {

  private static final String ORIGIN = "log.example/0";
  private static final int ROUNDS = 3;

  @TempDir private Path directory;

  @Test
  void shouldVouchForOneHistoryThoughItIsKilledBetweenRequests() throws Exception {
    LogKeys keys =
        LogKeys.open(
            directory.resolve("log.p12"), new Password.Given("a password"), new SecureRandom());
    GrowingLog log = new GrowingLog(ORIGIN, "a", keys);
    GrowingLog fork = new GrowingLog(ORIGIN, "b", keys);
    List<VerifierKey> known = List.of();
    long size = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (ForkedWitness witness = start(log);
          WitnessClient client = new WitnessClient(witness.url(), witness.keys())) {
        assertThat(witness.keys()).hasSize(2);
        assertThat(known.isEmpty() || known.equals(witness.keys())).as("same keys").isTrue();
        known = witness.keys();
        if (size > 0) {
          fork.grow(size + 20);
          assertThat(client.submit(size - 1, List.of(), fork.checkpoint()))
              .isEqualTo(new Reply.AnotherSize(size));
          assertThat(client.submit(size, fork.proof(size), fork.checkpoint()))
              .isInstanceOfSatisfying(
                  Reply.Refused.class, no -> assertThat(no.why()).contains("answered 422"));
        }
        log.grow(size + 20);
        assertThat(client.submit(size, log.proof(size), log.checkpoint()))
            .isInstanceOfSatisfying(
                Reply.Cosigned.class, yes -> assertThat(yes.lines()).hasSize(2));
        size += 20;
        witness.command().kill();
        assertThat(client.submit(size, List.of(), log.checkpoint())).isInstanceOf(Reply.Away.class);
      }
    }
    try (ForkedWitness witness = start(log)) {
      assertThat(ForkedCommand.run(arguments(log)))
          .as("a second one on the same directory")
          .satisfies(
              ended -> {
                assertThat(ended.exitCode()).isEqualTo(3);
                assertThat(ended.said()).contains("is in use").doesNotContain("\tat ");
              });
      assertThat(witness.command().stop()).isZero();
    }
  }

  @Test
  void shouldSayInASentenceWhatIsWrongWithItsOptions() throws Exception {
    ForkedCommand.Ended none = ForkedCommand.run("witness", "--name=w.example");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.said()).contains("--log-key");

    ForkedCommand.Ended nonsense =
        ForkedCommand.run(
            "witness", "--name=w.example", "--log-key=nonsense", "--data=" + directory);
    assertThat(nonsense.exitCode()).isEqualTo(3);
    assertThat(nonsense.said()).contains("--log-key 'nonsense'").hasLineCount(1);
  }

  private ForkedWitness start(GrowingLog log) throws Exception {
    return ForkedWitness.start(directory.resolve("w"), "witness.example/w1", 0, log.keys());
  }

  private String[] arguments(GrowingLog log) {
    return new String[] {
      "witness",
      "--data=" + directory.resolve("w"),
      "--name=witness.example/w1",
      "--port=0",
      "--log-key=" + log.keys().getFirst().format()
    };
  }
}
