package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.log.Position;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node and two witnesses, from an event to the policy of whoever verifies. */
class WitnessedNodeTest {

  private static final Duration PATIENT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void shouldPublishCosignaturesAndFulfilAPolicyThatDemandsThem() throws Exception {
    List<VerifierKey> logs = logKeys();
    try (ForkedWitness w1 = witness("w1", 0, logs);
        ForkedWitness w2 = witness("w2", 0, logs)) {
      String yaml = yaml(w1, w2);
      int partition;
      SignedNote cosigned;
      try (var node = TestNode.start(directory, yaml)) {
        partition = deliver(node);
        cosigned = await().atMost(PATIENT).until(() -> note(node, partition), this::isComplete);
        shouldStandBelowTheLogsOwnLines(cosigned, w1, w2);
        shouldVerify(node, partition, logs, w1, w2);

        // The log goes on without a witness, and the witness comes back behind it.
        w1.command().kill();
        deliver(node);
        SignedNote half =
            await()
                .atMost(PATIENT)
                .until(
                    () -> note(node, partition),
                    note -> size(note) > size(cosigned) && note.signatures().size() == 4);
        assertThat(half.verify(w2.keys())).hasSize(2);
        shouldSayWhichQuorumIsMissing(node, partition, logs, half, w1, w2);
        try (ForkedWitness again = witness("w1", w1.url().getPort(), logs)) {
          SignedNote all =
              await().atMost(PATIENT).until(() -> note(node, partition), this::isComplete);
          assertThat(size(all)).isGreaterThanOrEqualTo(size(half));
          assertThat(all.verify(again.keys())).hasSize(2);
        }
      }
    }
    shouldStillBeThereAfterARestart();
  }

  /** With nobody left to ask again: what is served comes from the topic. */
  private void shouldStillBeThereAfterARestart() throws Exception {
    try (var node = TestNode.start(directory, "")) {
      boolean found = false;
      for (int partition = 0; partition < 4; partition++) {
        String path = "/tlog/" + partition + "/checkpoint?witnesses=2";
        Answer answer = node.client().get(path, Caller.NOBODY);
        found |= answer.status() == 200 && isComplete(SignedNote.parse(answer.body()));
      }
      assertThat(found).isTrue();
      node.client()
          .get("/tlog/0/checkpoint?witnesses=101", Caller.NOBODY)
          .expectProblem(400, "invalid_parameter");
    }
  }

  private static void shouldStandBelowTheLogsOwnLines(
      SignedNote note, ForkedWitness w1, ForkedWitness w2) {
    String origin = Checkpoint.parse(note.text()).origin();
    assertThat(note.signatures().subList(0, 2)).allMatch(line -> line.name().equals(origin));
    assertThat(note.verify(w1.keys())).hasSize(2);
    assertThat(note.verify(w2.keys())).hasSize(2);
    assertThat(note.signatures()).hasSize(6);
  }

  private void shouldVerify(
      TestNode node, int partition, List<VerifierKey> logs, ForkedWitness w1, ForkedWitness w2)
      throws Exception {
    Path policy = policy(partition, logs, w1, w2, "group both all w1 w1pq w2 w2pq pq\n");

    ForkedCommand.Ended ended = verify(node, partition, policy);

    assertThat(ended.said()).contains("intact", "accepted by the policy, cosigned by");
    assertThat(ended.said()).contains("w1.example (Ed25519)", "w2.example (ML-DSA-44)");
    assertThat(ended.exitCode()).isZero();
  }

  private void shouldSayWhichQuorumIsMissing(
      TestNode node,
      int partition,
      List<VerifierKey> logs,
      SignedNote half,
      ForkedWitness w1,
      ForkedWitness w2)
      throws Exception {
    Path kept = Files.createDirectories(directory.resolve("kept"));
    Files.write(kept.resolve("checkpoint"), half.toByteArray());
    Path policy = policy(partition, logs, w1, w2, "group both all w1 w2\n");

    ForkedCommand.Ended missing =
        ForkedCommand.run("verify", "--log=" + kept, "--policy=" + policy);

    assertThat(missing.said())
        .contains("NOT ACCEPTED by the policy, quorum 'both' is not reached", "w1");
    assertThat(missing.exitCode()).isEqualTo(1);

    // The live log still has the older checkpoint that both have cosigned.
    assertThat(verify(node, partition, policy).exitCode()).isZero();
  }

  private static ForkedCommand.Ended verify(TestNode node, int partition, Path policy)
      throws Exception {
    return ForkedCommand.run(
        "verify", "--log=" + node.node().url() + "/tlog/" + partition, "--policy=" + policy);
  }

  /** Witnesses of both algorithms, and the log's own ML-DSA-44 key as one that can be demanded. */
  private Path policy(
      int partition, List<VerifierKey> logs, ForkedWitness w1, ForkedWitness w2, String group)
      throws Exception {
    return Files.writeString(
        directory.resolve("policy"),
        "log %s\nwitness pq %s\nwitness w1 %s\nwitness w1pq %s\nwitness w2 %s\nwitness w2pq %s\n%squorum both\n"
            .formatted(
                logs.get(2 * partition),
                logs.get(2 * partition + 1),
                w1.keys().getFirst(),
                w1.keys().getLast(),
                w2.keys().getFirst(),
                w2.keys().getLast(),
                group));
  }

  /** A node's keys are made on its first start, and witnesses are told them. */
  private List<VerifierKey> logKeys() throws Exception {
    try (var node = TestNode.start(directory, "")) {
      List<VerifierKey> keys = new ArrayList<>();
      for (JsonNode log :
          node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs")) {
        log.path("vkeys").forEach(key -> keys.add(VerifierKey.parse(key.asText())));
      }
      return keys;
    }
  }

  private ForkedWitness witness(String name, int port, List<VerifierKey> logs) throws Exception {
    return ForkedWitness.start(directory.resolve(name), name + ".example", port, logs);
  }

  private static String yaml(ForkedWitness... witnesses) {
    StringBuilder yaml = new StringBuilder("witnesses:\n");
    for (ForkedWitness witness : witnesses) {
      yaml.append("  - url: %s\n    vkeys:\n".formatted(witness.url()));
      witness.keys().forEach(key -> yaml.append("      - \"%s\"\n".formatted(key)));
    }
    return yaml.toString();
  }

  private static int deliver(TestNode node) {
    Answer answer =
        node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);
    return Position.parse(answer.required("Ledger-Position")).orElseThrow().partition();
  }

  private static SignedNote note(TestNode node, int partition) {
    Answer answer = node.client().get("/tlog/" + partition + "/checkpoint", Caller.NOBODY);
    return Optional.of(answer)
        .filter(got -> got.status() == 200)
        .map(got -> SignedNote.parse(got.body()))
        .orElse(null);
  }

  private boolean isComplete(SignedNote note) {
    return note != null && note.signatures().size() == 6;
  }

  private static long size(SignedNote note) {
    return note == null ? 0 : Checkpoint.parse(note.text()).size();
  }
}
