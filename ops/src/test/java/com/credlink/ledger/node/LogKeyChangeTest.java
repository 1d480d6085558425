package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.log.Position;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogCheck;
import com.credlink.ledger.tlog.LogTampered;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New keys of the log: who knows the old ones, or the new ones alone, goes on to verify. */
class LogKeyChangeTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void shouldSignWithBothPairsUntilTheOlderOneIsRetired() throws Exception {
    Position last;
    Checkpoint before;
    List<VerifierKey> old;
    try (var node = TestNode.start(directory, "")) {
      last = deliver(node);
      before = TransparencyTest.awaitCheckpoint(node, last);
      old = TransparencyTest.keys(node, last.partition());
      assertThat(old).hasSize(2);
    }
    int partition = last.partition();
    change(LogKeyChange::rotate);
    shouldVerifyFromTheRecords();

    List<VerifierKey> fresh;
    try (var node = TestNode.start(directory, "")) {
      List<VerifierKey> both = TransparencyTest.keys(node, partition);
      assertThat(both).hasSize(4).containsAll(old);
      fresh = both.stream().filter(key -> !old.contains(key)).toList();
      // No event is needed for the keys that are listed to have signed.
      await()
          .atMost(PATIENT)
          .ignoreException(LogTampered.class)
          .untilAsserted(() -> verify(node, partition, both, before));
      Checkpoint after = TransparencyTest.awaitCheckpoint(node, deliver(node));
      assertThat(after.size()).isGreaterThan(before.size());
      verify(node, partition, old, before);
      verify(node, partition, fresh, before);
      verify(node, partition, both, before);
      try (var log = RawLog.at(node.node().kafka())) {
        assertThat(log.all()).extracting(RawLog.Fact::type).contains("KeyCreated", "KeyActivated");
      }
    }
    change(LogKeyChange::retire);

    try (var node = TestNode.start(directory, "")) {
      TransparencyTest.awaitCheckpoint(node, deliver(node));
      assertThat(TransparencyTest.keys(node, partition)).isEqualTo(fresh);
      assertThat(retired(node, partition)).isEqualTo(old);
      verify(node, partition, fresh, before);
      assertThatThrownBy(() -> verify(node, partition, old, before))
          .isInstanceOf(LogTampered.class);
    }
    shouldVerifyFromTheRecords();
  }

  /** Every checkpoint that was stored, by whichever keys. */
  private void shouldVerifyFromTheRecords() throws Exception {
    ForkedCommand.Ended verify =
        ForkedCommand.run("verify", "--data=" + directory.resolve("data"), "--json");

    assertThat(verify.exitCode()).as(verify.said()).isZero();
    assertThat(verify.said()).contains("signed with Ed25519 and ML-DSA-44");
  }

  @Test
  void shouldNeitherReplaceTwiceAtOnceNorRetireTheOnlyPair() throws Exception {
    try (var node = TestNode.start(directory, "")) {
      deliver(node);
    }

    assertThatThrownBy(() -> change(LogKeyChange::retire))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("pair 1 is the only one that signs");
    change(LogKeyChange::rotate);
    assertThatThrownBy(() -> change(LogKeyChange::rotate))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("pairs 1 and 2 both sign already");
  }

  /** A step of the change. */
  @FunctionalInterface
  private interface Step {
    Object take(LogKeyChange change) throws NodeStartException;
  }

  private void change(Step step) throws NodeStartException {
    Path data = directory.resolve("data");
    try (var log = StoredLog.in(data, new SecureRandom())) {
      var _ = step.take(new LogKeyChange(log, data, new SecureRandom(), InstantSource.system()));
    }
  }

  private static Position deliver(TestNode node) {
    Answer answer =
        node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);
    return Position.parse(answer.required("Ledger-Position")).orElseThrow();
  }

  private static void verify(
      TestNode node, int partition, List<VerifierKey> keys, Checkpoint before) {
    try (HttpLog log = new HttpLog(node.node().url() + "/tlog/" + partition)) {
      LogCheck.Verified verified = LogCheck.run(log, keys, Optional.of(before), _ -> {});
      assertThat(verified.signatures()).hasSize(keys.size());
    }
  }

  private static List<VerifierKey> retired(TestNode node, int partition) {
    JsonNode log =
        node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs").get(partition);
    return StreamSupport.stream(log.path("retired_vkeys").spliterator(), false)
        .map(JsonNode::asText)
        .map(VerifierKey::parse)
        .toList();
  }
}
