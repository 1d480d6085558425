package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.Policy;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.TlogProof;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public log over HTTP, checked against the topic that it is about. */
class TransparencyTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);

  /** More than a tile, so that tiles of two levels and a partial one are read. */
  private static final int DELIVERIES = 300;

  @TempDir private Path directory;

  @Test
  void shouldProveTheTopicOverHttpAndGoOnAfterARestart() throws Exception {
    Checkpoint before;
    try (var node = TestNode.start(directory, "")) {
      Answer last = null;
      for (int i = 0; i < DELIVERIES; i++) {
        last =
            node.client()
                .deliver(node.delivery("orders/create", ACME, product(newId())))
                .expect(200);
      }
      before = shouldCover(node, last);
      shouldProve(node, last);
    }
    try (var node = TestNode.start(directory, "")) {
      Answer one =
          node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);

      Checkpoint after = shouldCover(node, one);

      int partition = position(one).partition();
      tree(node, partition)
          .consistency(before.size(), after.size())
          .verify(before.root(), after.root());
      shouldHoldForAnAuditor(node, partition, before);
    }
  }

  private static void shouldHoldForAnAuditor(TestNode node, int partition, Checkpoint before) {
    try (HttpLog log = new HttpLog(node.node().url() + "/tlog/" + partition)) {
      LogCheck.Verified verified =
          LogCheck.run(log, keys(node, partition), Optional.of(before), done -> {});
      assertThat(verified.checkpoint().size()).isGreaterThan(before.size());
    }
  }

  /** A head that was signed for another history: what is there now is a fork of it. */
  @Test
  void shouldNeitherSignNorServeATreeThatDoesNotContinueWhatWasSigned() throws Exception {
    Answer delivered;
    try (var node = TestNode.start(directory, "")) {
      delivered =
          node.client().deliver(node.delivery("orders/create", ACME, product(newId()))).expect(200);
      shouldCover(node, delivered);
    }
    int partition = position(delivered).partition();
    signAnotherHistory(partition);

    try (var node = TestNode.start(directory, "")) {
      node.client()
          .deliver(node.delivery("orders/create", ACME, product(newId())))
          .expectProblem(503, "log_integrity");

      await()
          .atMost(PATIENT)
          .untilAsserted(
              () ->
                  node.client()
                      .get("/tlog/" + partition + "/checkpoint", Caller.NOBODY)
                      .expectProblem(503, "log_integrity"));
      JsonNode log =
          node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs").get(partition);
      assertThat(log.path("fault").asText()).contains("was signed", "records were changed");
      node.client()
          .get("/tlog/" + partition + "/tile/0/000.p/1", Caller.NOBODY)
          .expectProblem(503, "log_integrity");
    }
  }

  private void signAnotherHistory(int partition) throws Exception {
    try (var broker =
            KafkaNode.start(KafkaNode.Settings.in(directory.resolve("data").resolve("kafka")));
        var checkpoints = CheckpointLog.open(KafkaConnection.plain(broker.bootstrap()))) {
      Checkpoint last = checkpoints.latest(partition).orElseThrow().checkpoint();
      checkpoints.append(
          partition,
          new SignedNote(
              new Checkpoint(last.origin(), last.size(), Hash.EMPTY_ROOT).text(),
              checkpoints.latest(partition).orElseThrow().note().signatures()));
    }
  }

  /** The checkpoint's root is that of the records, of the bundles and of the tiles. */
  private static Checkpoint shouldCover(TestNode node, Answer delivered) throws Exception {
    Position position = position(delivered);
    int partition = position.partition();
    SignedNote note = await().atMost(PATIENT).until(() -> note(node, partition), covers(position));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    assertThat(note.verify(keys(node, partition))).as("both signatures").hasSize(2);

    Frontier ofRecords = new Frontier();
    List<byte[]> entries = entries(node, partition, checkpoint.size());
    entries.forEach(ofRecords::appendEntry);
    assertThat(checkpoint.root()).isEqualTo(ofRecords.root());
    assertThat(bundles(node, partition, checkpoint.size())).containsExactlyElementsOf(entries);
    assertThat(tree(node, partition).root(checkpoint.size())).isEqualTo(checkpoint.root());
    return checkpoint;
  }

  /** Returns when a checkpoint covers the event at {@code position}. */
  static Checkpoint awaitCheckpoint(TestNode node, Position position) {
    return Checkpoint.parse(
        await()
            .atMost(PATIENT)
            .until(() -> note(node, position.partition()), covers(position))
            .text());
  }

  private static void shouldProve(TestNode node, Answer delivered) {
    Position position = position(delivered);
    String path = "/v1/events/" + delivered.required("Ledger-Event-Id") + "/proof";
    Answer answer = node.client().get(path, node.client().role("auditor")).expect(200);
    TlogProof proof = TlogProof.parse(answer.body());
    VerifierKey key = keys(node, position.partition()).getFirst();
    Policy policy = Policy.parse(("log " + key.format() + "\nquorum none\n").getBytes(US_ASCII));
    Hash leaf =
        new TreeHasher().leaf(bundles(node, position.partition(), position.offset() + 1).getLast());

    assertThat(proof.index()).isEqualTo(position.offset());
    assertThat(proof.verify(leaf, policy).checkpoint().origin())
        .endsWith("/" + position.partition());
  }

  private static java.util.function.Predicate<SignedNote> covers(Position position) {
    return note -> note != null && Checkpoint.parse(note.text()).size() > position.offset();
  }

  private static Position position(Answer delivered) {
    return Position.parse(delivered.required("Ledger-Position")).orElseThrow();
  }

  private static SignedNote note(TestNode node, int partition) {
    Answer answer = node.client().get("/tlog/" + partition + "/checkpoint", Caller.NOBODY);
    return answer.status() == 200 ? SignedNote.parse(answer.body()) : null;
  }

  static List<VerifierKey> keys(TestNode node, int partition) {
    JsonNode log =
        node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs").get(partition);
    return StreamSupport.stream(log.path("vkeys").spliterator(), false)
        .map(JsonNode::asText)
        .map(VerifierKey::parse)
        .toList();
  }

  static TileTree tree(TestNode node, int partition) {
    return new TileTree(tile -> Optional.of(fetch(node, partition, tile)));
  }

  private static byte[] fetch(TestNode node, int partition, Tile tile) {
    return node.client()
        .get("/tlog/" + partition + "/" + tile.path(), Caller.NOBODY)
        .expect(200)
        .body();
  }

  private static List<byte[]> bundles(TestNode node, int partition, long size) {
    List<byte[]> entries = new ArrayList<>();
    for (long index = 0; index << Tile.HEIGHT < size; index++) {
      Tile tile = Tile.entriesAt(index, size);
      entries.addAll(EntryBundle.parse(fetch(node, partition, tile), tile.width()));
    }
    return entries;
  }

  private static List<byte[]> entries(TestNode node, int partition, long size) throws Exception {
    List<byte[]> entries = new ArrayList<>();
    try (var reader = new LedgerReader(KafkaConnection.plain(node.node().kafka()));
        var registry =
            HttpSchemaRegistry.builder(List.of(node.node().registry()), new SecureRandom())
                .build()) {
      var hasher = new EntryHasher(registry);
      reader.replay(
          partition, 0, size, record -> entries.add(hasher.entry(record.key(), record.value())));
    }
    return entries;
  }
}
