package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.record.internal.FileRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that loses records or has others than it had: the node says so, and nothing else of it. */
class LogIntegrityTest {

  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final int DELIVERIES = 20;
  private static final String SCRUB = "log.scrub: {interval: 1s, rate: 100000}\n";

  @TempDir private Path directory;

  @Test
  void shouldTellThatAWholePassFoundEveryRecordAsItWasSigned() throws Exception {
    try (var node = TestNode.start(directory, SCRUB)) {
      Position last = deliver(node, ACME);

      await()
          .atMost(PATIENT)
          .untilAsserted(
              () -> {
                assertThat(types(node)).contains("LogVerified");
                assertThat(metric(node, "ledger_log_scrub_position", last.partition()))
                    .isGreaterThan((double) last.offset());
              });
      node.client().get("/healthz/ready", Caller.NOBODY).expect(200);
      assertThat(metric(node, "ledger_log_integrity_fault", last.partition())).isZero();
    }
  }

  @Test
  void shouldRefuseALogThatIsShorterThanWhatWasSigned() throws Exception {
    Position last = deliveredAndSigned("");
    segment(last).truncate(last.offset() - 5);

    try (var node = TestNode.start(directory, "")) {
      shouldRefuse(node, last, "newer records were lost");
      shouldServeWhatIsIntact(node, last);
    }
    // The projections' place was moved to the end that is left: that must not hide the loss.
    try (var node = TestNode.start(directory, "")) {
      shouldRefuse(node, last, "newer records were lost");
    }
  }

  @Test
  void shouldFindARecordThatWasChangedAmongTheNewestWhenItStarts() throws Exception {
    Position last = deliveredAndSigned("");
    segment(last).change(last.offset() - 3, LogIntegrityTest::otherwise);

    try (var node = TestNode.start(directory, "")) {
      shouldRefuse(node, last, "offset %d of partition".formatted(last.offset() - 3));
    }
  }

  @Test
  void shouldFindARecordThatIsChangedWhileItRuns() throws Exception {
    Position last;
    try (var node = TestNode.start(directory, SCRUB)) {
      last = deliver(node, ACME);
      TransparencyTest.awaitCheckpoint(node, last);

      flip(segment(last).path(), last.offset() - 3);

      await()
          .atMost(PATIENT)
          .untilAsserted(() -> shouldRefuse(node, last, "partition " + last.partition()));
    }
  }

  private Position deliveredAndSigned(String yaml) throws Exception {
    try (var node = TestNode.start(directory, yaml)) {
      deliver(node, SNOWDEVIL);
      Position last = deliver(node, ACME);
      TransparencyTest.awaitCheckpoint(node, last);
      return last;
    }
  }

  private static Position deliver(TestNode node, String shop) {
    Answer answer = null;
    for (int i = 0; i < DELIVERIES; i++) {
      answer =
          node.client().deliver(node.delivery("orders/create", shop, product(newId()))).expect(200);
    }
    return Position.parse(answer.required("Ledger-Position")).orElseThrow();
  }

  private SegmentFile segment(Position of) throws Exception {
    return SegmentFile.of(directory.resolve("data"), of.partition());
  }

  private static byte[] otherwise(byte[] value) {
    byte[] changed = value.clone();
    changed[changed.length - 1] ^= 1;
    return changed;
  }

  /** In the file of a broker that runs. */
  private static void flip(Path file, long offset) throws Exception {
    try (var records = FileRecords.open(file.toFile())) {
      for (var batch : records.batches()) {
        if (batch.lastOffset() >= offset) {
          try (var channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = (long) batch.position() + batch.sizeInBytes() - 1;
            var one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            channel.write(one, at);
          }
          return;
        }
      }
    }
  }

  private static void shouldRefuse(TestNode node, Position lost, String reason) {
    String log = "/tlog/" + lost.partition();
    node.client().get(log + "/checkpoint", Caller.NOBODY).expectProblem(503, "log_integrity");
    node.client().get(log + "/tile/0/000.p/1", Caller.NOBODY).expectProblem(503, "log_integrity");
    node.client()
        .deliver(node.delivery("orders/create", ACME, product(newId())))
        .expectProblem(503, "log_integrity");
    JsonNode listed =
        node.client()
            .get("/tlog", Caller.NOBODY)
            .expect(200)
            .json()
            .path("logs")
            .get(lost.partition());
    assertThat(listed.path("fault").asText()).contains(reason);
    assertThat(node.client().get("/healthz/ready", Caller.NOBODY).expect(503).text())
        .contains(reason);
    node.client().get("/healthz/live", Caller.NOBODY).expect(200);
    assertThat(metric(node, "ledger_log_integrity_fault", lost.partition())).isEqualTo(1);
  }

  /** The other partitions go on, and the alert stands in the platform's if that is one of them. */
  private static void shouldServeWhatIsIntact(TestNode node, Position lost) {
    int platform = Topics.partition(LedgerEvent.PLATFORM, Topics.EMBEDDED_PARTITIONS);
    if (platform != lost.partition()) {
      await().atMost(PATIENT).untilAsserted(() -> assertThat(types(node)).contains("AlertRaised"));
      node.client().get("/tlog/" + platform + "/checkpoint", Caller.NOBODY).expect(200);
    }
  }

  private static List<String> types(TestNode node) {
    int platform = Topics.partition(LedgerEvent.PLATFORM, Topics.EMBEDDED_PARTITIONS);
    try (var log = RawLog.at(node.node().kafka())) {
      return log.all().stream()
          .filter(fact -> fact.position().partition() == platform)
          .map(RawLog.Fact::type)
          .toList();
    }
  }

  private static double metric(TestNode node, String name, int partition) {
    return node.client()
        .get("/metrics", Caller.NOBODY)
        .expect(200)
        .text()
        .lines()
        .filter(line -> line.startsWith(name + "{partition=\"" + partition + "\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
