package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.node.ForkedCommand.Ended;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LogSealing.Plan;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way out after a loss: the old log ends where it still holds, and the next one begins. */
class LogSealTest {

  private static final int DELIVERIES = 20;
  private static final int LOST = 5;

  @TempDir private Path directory;

  @Test
  void shouldEndALogAtWhatItStillHasAndBeginTheNext() throws Exception {
    List<VerifierKey> oldKeys = new ArrayList<>();
    List<Checkpoint> seen = new ArrayList<>();
    Position last;
    try (var node = TestNode.start(directory, "")) {
      last = deliver(node, seen);
      oldKeys.addAll(TransparencyTest.keys(node, last.partition()));
    }
    Checkpoint newest = seen.getLast();
    long left = last.offset() - LOST;
    SegmentFile.of(data(), last.partition()).truncate(left);

    shouldRefuseUntilItIsSealed(last.partition());

    SealedLog sealed = seal(last.partition());

    long kept = sealed.seal().kept().size();
    assertThat(kept).isPositive().isLessThanOrEqualTo(left);
    assertThat(sealed.seal().signed().size()).isGreaterThanOrEqualTo(newest.size());
    try (var node = TestNode.start(directory, "")) {
      shouldHaveBegunTheNextLog(node, last, sealed);
      shouldHoldForWhoKnowsTheOldKeysAlone(node, last.partition(), oldKeys, sealed);
      shouldContinueWhatWasKept(node, last.partition(), seen, sealed);
    }
    try (var node = TestNode.start(directory, "")) {
      shouldHaveBegunTheNextLog(node, last, sealed);
    }
    assertThat(plan(last.partition()).isIntact()).isTrue();
  }

  @Test
  void shouldTellThatAnIntactLogNeedsNoSeal() throws Exception {
    Position last;
    try (var node = TestNode.start(directory, "")) {
      last = deliver(node, new ArrayList<>());
    }

    assertThat(plan(last.partition()).isIntact()).isTrue();
  }

  @Test
  void shouldEndALogBehindWhichARecordWasChanged() throws Exception {
    List<Checkpoint> seen = new ArrayList<>();
    Position last;
    try (var node = TestNode.start(directory, "")) {
      last = deliver(node, seen);
    }
    SegmentFile.of(data(), last.partition())
        .change(
            last.offset() - LOST,
            value -> {
              byte[] other = value.clone();
              other[other.length - 1] ^= 1;
              return other;
            });

    SealedLog sealed = seal(last.partition());

    assertThat(sealed.seal().kept().size()).isLessThanOrEqualTo(last.offset() - LOST);
    try (var node = TestNode.start(directory, "")) {
      shouldHaveBegunTheNextLog(node, last, sealed);
    }
  }

  @Test
  void shouldSayWhatIsLostAndSealOnlyWhenToldTo() throws Exception {
    Position last;
    try (var node = TestNode.start(directory, "")) {
      last = deliver(node, new ArrayList<>());
      assertThat(command(last.partition()).said()).contains("in use by a node that runs");
    }
    SegmentFile.of(data(), last.partition()).truncate(last.offset() - LOST);

    Ended lost = ForkedCommand.run("verify", "--data=" + data());
    assertThat(lost.exitCode()).isEqualTo(1);
    assertThat(lost.said())
        .contains(
            "partition %d: NOT INTACT, offset %d: it and all up to"
                .formatted(last.partition(), last.offset() - LOST));

    Ended shown = command(last.partition());
    assertThat(shown.said())
        .contains(
            "records     %d are there".formatted(last.offset() - LOST),
            "successor   ledger.localhost/%d/g2".formatted(last.partition()),
            "nothing was changed; --yes seals it");
    assertThat(shown.exitCode()).isEqualTo(1);
    assertThat(plan(last.partition()).isIntact()).isFalse();

    Ended done = command(last.partition(), "--yes", "--reason", "a test", "--json");
    assertThat(done.exitCode()).as(done.said()).isZero();
    assertThat(done.said()).contains("\"sealed\":true", "/g2");

    Ended verify = ForkedCommand.run("verify", "--data=" + data());
    assertThat(verify.exitCode()).as(verify.said()).isZero();
    assertThat(verify.said())
        .contains("'ledger.localhost/%d' was ended at ".formatted(last.partition()), "(a test)");
    assertThat(plan(last.partition()).isIntact()).isTrue();
  }

  private Ended command(int partition, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("log", "seal", "--partition=" + partition, "--data=" + data()));
    arguments.addAll(List.of(more));
    return ForkedCommand.run(arguments.toArray(String[]::new));
  }

  private static Position deliver(TestNode node, List<Checkpoint> seen) {
    Position last = null;
    for (int i = 0; i < DELIVERIES; i++) {
      Answer answer =
          node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);
      last = Position.parse(answer.required("Ledger-Position")).orElseThrow();
      if (i % 4 == 0) {
        seen.add(TransparencyTest.awaitCheckpoint(node, last));
      }
    }
    seen.add(TransparencyTest.awaitCheckpoint(node, last));
    return last;
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Plan plan(int partition) throws NodeStartException {
    try (var log = StoredLog.in(data(), new SecureRandom())) {
      return sealing(log, partition).plan(_ -> {});
    }
  }

  private SealedLog seal(int partition) throws NodeStartException {
    try (var log = StoredLog.in(data(), new SecureRandom())) {
      LogSealing sealing = sealing(log, partition);
      Plan plan = sealing.plan(_ -> {});
      assertThat(plan.isIntact()).isFalse();
      return sealing.seal(plan, log.keys().orElseThrow(), "a test took records away");
    }
  }

  private static LogSealing sealing(StoredLog log, int partition) {
    return new LogSealing(log, partition, true, new SecureRandom(), InstantSource.system());
  }

  private void shouldRefuseUntilItIsSealed(int partition) throws Exception {
    try (var node = TestNode.start(directory, "")) {
      node.client()
          .get("/tlog/" + partition + "/checkpoint", Caller.NOBODY)
          .expectProblem(503, "log_integrity");
    }
  }

  private static void shouldHaveBegunTheNextLog(TestNode node, Position lost, SealedLog sealed) {
    int partition = lost.partition();
    node.client().get("/healthz/ready", Caller.NOBODY).expect(200);
    Answer delivered =
        node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);
    Position position = Position.parse(delivered.required("Ledger-Position")).orElseThrow();
    Checkpoint now = TransparencyTest.awaitCheckpoint(node, position);
    assertThat(now.origin()).isEqualTo(sealed.seal().origin() + "/g2");

    JsonNode listed = listed(node, partition);
    assertThat(listed.path("origin").asText()).isEqualTo(now.origin());
    assertThat(listed.path("sealed")).hasSize(1);
    JsonNode old = listed.path("sealed").get(0);
    assertThat(old.path("origin").asText()).isEqualTo(sealed.seal().origin().toString());
    assertThat(old.path("successor").asText()).isEqualTo(now.origin());
    assertThat(old.path("size").asLong()).isEqualTo(sealed.seal().kept().size());
    assertThat(old.path("signed_size").asLong()).isEqualTo(sealed.seal().signed().size());
    try (var log = RawLog.at(node.node().kafka())) {
      assertThat(log.all()).extracting(RawLog.Fact::type).contains("LogSealed");
    }
  }

  private static void shouldHoldForWhoKnowsTheOldKeysAlone(
      TestNode node, int partition, List<VerifierKey> oldKeys, SealedLog sealed) throws Exception {
    String path = "/tlog/" + partition + "/g1";
    try (HttpLog log = new HttpLog(node.node().url() + path)) {
      LogCheck.Verified verified = LogCheck.run(log, oldKeys, Optional.empty(), _ -> {});
      assertThat(verified.checkpoint()).isEqualTo(sealed.seal().kept());
    }
    Ended verify =
        ForkedCommand.run(
            "verify",
            "--log=" + node.node().url(),
            "--vkey=" + oldKeys.getFirst().format(),
            "--vkey=" + oldKeys.getLast().format());
    assertThat(verify.exitCode()).as(verify.said()).isZero();
    assertThat(verify.said())
        .contains(
            "ledger.localhost/%d: intact, %d entries"
                .formatted(partition, sealed.seal().kept().size()));
    SignedNote statement =
        SignedNote.parse(node.client().get(path + "/seal", Caller.NOBODY).expect(200).body());
    assertThat(statement.verify(oldKeys)).hasSize(1);
    assertThat(LogSeal.parse(statement.text(), partition)).isEqualTo(sealed.seal());
    assertThatThrownBy(() -> Checkpoint.parse(statement.text())).isInstanceOf(NoteException.class);
    node.client()
        .get("/tlog/" + partition + "/g2/seal", Caller.NOBODY)
        .expectProblem(404, "not_found");
  }

  /** Whatever was kept is the beginning of the new log too. */
  private static void shouldContinueWhatWasKept(
      TestNode node, int partition, List<Checkpoint> seen, SealedLog sealed) {
    var tree = TransparencyTest.tree(node, partition);
    long kept = sealed.seal().kept().size();
    assertThat(seen).anyMatch(old -> old.size() <= kept);
    seen.stream()
        .filter(old -> old.size() <= kept)
        .forEach(old -> assertThat(tree.root(old.size())).isEqualTo(old.root()));
  }

  private static JsonNode listed(TestNode node, int partition) {
    return node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs").get(partition);
  }
}
