package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.sign.Receipt;
import com.credlink.ledger.sign.Receipts;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.ReceiptCheck;
import com.credlink.ledger.tlog.ReceiptCheck.Outcome;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that has lost what it accepted, and its receipts in the hands of a producer. */
class OmissionTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final int MANY = 20;
  private static final String DECISION =
      """
      {"occurred_at": "2026-11-23T09:00:00Z", "subject": {"type": "system", "id": "cron-17"},
       "decision": "allow", "role": "scheduler", "action": "report.send",
       "resource": {"type": "report"}, "reason": "role_has_permission",
       "enforcement_point": "reports"}
      """;

  @TempDir private Path directory;

  @Test
  void shouldBeFoundOutByItsReceiptsWhenItBeginsAnewUnderItsOldKeys() throws Exception {
    Receipt first;
    Receipt last;
    try (var node = TestNode.start(directory, "")) {
      first = receipt(node, decide(node));
      last = receipt(node, Stream.generate(() -> decide(node)).limit(MANY).toList().getLast());

      assertThat(await().atMost(PATIENT).until(() -> check(node, last), OmissionTest::isDecided))
          .isInstanceOf(ReceiptCheck.Kept.class);
    }
    deleteTheLog();

    try (var node = TestNode.start(directory, "")) {
      Receipt anew = receipt(node, decide(node));
      while (anew.position().offset() < first.position().offset()) {
        anew = receipt(node, decide(node));
      }
      assertThat(anew.log()).isEqualTo(first.log());
      assertThat(anew.position().offset()).isLessThan(last.position().offset());

      assertThat(await().atMost(PATIENT).until(() -> check(node, first), OmissionTest::isDecided))
          .isInstanceOf(ReceiptCheck.Replaced.class);
      assertThat(check(node, last)).isInstanceOf(ReceiptCheck.NotDue.class);
      assertThat(check(node, last, last.time().plus(Receipts.INCLUSION)))
          .isInstanceOf(ReceiptCheck.Missing.class);
    }
  }

  private static boolean isDecided(Outcome outcome) {
    return !(outcome instanceof ReceiptCheck.NotDue);
  }

  /** A fact of no shop: it stands under the platform, whose partition is always the same. */
  private static Answer decide(TestNode node) {
    return node.client()
        .postJson("/v1/auth-decisions", node.client().role("producer"), DECISION)
        .expect(202);
  }

  private static Receipt receipt(TestNode node, Answer accepted) {
    JsonNode set = node.client().get("/v1/trust/keys.json", Caller.NOBODY).expect(200).json();
    List<Verifier> keys = Jwks.ed25519(set, KeyPurpose.RECEIPT);
    return Receipt.verify(accepted.required("Ledger-Receipt"), keys);
  }

  private static Outcome check(TestNode node, Receipt receipt) {
    return check(node, receipt, receipt.time());
  }

  private static Outcome check(TestNode node, Receipt receipt, Instant now) {
    int partition = receipt.position().partition();
    JsonNode listed =
        await()
            .atMost(PATIENT)
            .until(
                () ->
                    node.client()
                        .get("/tlog", Caller.NOBODY)
                        .expect(200)
                        .json()
                        .path("logs")
                        .path(partition),
                log -> log.path("size").asLong() > 0);
    List<VerifierKey> keys =
        StreamSupport.stream(listed.path("vkeys").spliterator(), false)
            .map(JsonNode::asText)
            .map(VerifierKey::parse)
            .toList();
    try (HttpLog log = new HttpLog(node.node().url() + "/tlog/" + partition)) {
      return ReceiptCheck.run(receipt, log, keys, now);
    }
  }

  /** All but what says who the ledger is: its keys and credentials. */
  private void deleteTheLog() throws IOException {
    for (String name : List.of("kafka", "state")) {
      try (Stream<Path> files = Files.walk(directory.resolve("data").resolve(name))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
