package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.ConsistencyProof;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.sign.InclusionReceipt;
import com.credlink.ledger.sign.Receipt;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running node publishes of its log, and what it proves of single events. */
class PublicLogTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);

  /** Fills a tile, so that there are full and partial ones on two levels. */
  private static final int DECISIONS = 300;

  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Answer decided;
  private static int partition;
  private static Checkpoint early;
  private static byte[] earlyNote;
  private static Checkpoint newest;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    Position first = position(deliver());
    partition = first.partition();
    early = covering(first);
    earlyNote = get("checkpoint").body();
    early = Checkpoint.parse(SignedNote.parse(earlyNote).text());
    decided = client.postJson("/v1/auth-decisions", client.role("producer"), decisions());
    newest = covering(position(decided.expect(202)));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  // ---- tiles

  @Test
  void shouldServeTilesAsTheSpecificationHasThem() {
    long size = newest.size();

    Answer full = get("tile/0/000").expect(200);
    Answer early = get("tile/0/000.p/1").expect(200);
    Answer partial = get(Tile.at(0, 1, size).path()).expect(200);
    Answer upper = get("tile/1/000.p/1").expect(200);
    Answer bundle = get("tile/entries/000").expect(200);

    assertThat(full.body()).hasSize(Tile.FULL * Hash.LENGTH).startsWith(early.body());
    assertThat(early.body()).hasSize(Hash.LENGTH);
    assertThat(partial.body()).hasSize(Tile.widthAt(0, 1, size) * Hash.LENGTH);
    assertThat(upper.body()).isEqualTo(tree().root(Tile.FULL).toArray());
    for (Answer answer : List.of(full, early, partial, upper, bundle)) {
      assertThat(answer.header("Content-Type")).contains("application/octet-stream");
      assertThat(answer.header("Cache-Control")).contains(IMMUTABLE);
    }
    Answer checkpoint = get("checkpoint").expect(200);
    assertThat(checkpoint.required("Content-Type").replace(" ", ""))
        .isEqualTo("text/plain;charset=utf-8");
    assertThat(checkpoint.header("Cache-Control")).contains("no-cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tile/0/000/",
        "tile/0/000%2Ep/1",
        "tile/0/000.p%2F1",
        "tile/0/%3000",
        "tile/0/x000/000",
        "tile/0/0",
        "tile/00/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/x001/067",
        "tile/0/001",
        "tile/0/001.p/255",
        "tile/1/000",
        "tile/2/000.p/1",
        "tile/64/000",
        "tile/entries/001",
        "tile/entries/002.p/1",
        "tile/data/000"
      })
  void shouldHaveOneAddressForATileAndNoneForWhatIsNotThere(String path) {
    Answer answer = get(path);

    answer.expectProblem(404, "not_found");
    assertThat(answer.header("Cache-Control")).contains("no-cache");
    assertThat(head(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"checkpoint", "tile/0/000", "tile/entries/000", "consistency?from=1&to=9"})
  void shouldAnswerHeadLikeGetWithoutTheContent(String path) {
    Answer got = get(path).expect(200);
    Answer head = head(path).expect(200);

    assertThat(head.body()).isEmpty();
    for (String name : List.of("Content-Type", "Cache-Control", "Vary")) {
      assertThat(head.header(name)).as(name).isEqualTo(got.header(name)).isPresent();
    }
  }

  @Test
  void shouldCompressBundlesAndTellCachesSo() throws IOException {
    Answer plain = get("tile/entries/000").expect(200);
    Answer packed = get("tile/entries/000", "Accept-Encoding", "gzip").expect(200);
    Answer hashes = get("tile/0/000", "Accept-Encoding", "gzip").expect(200);

    assertThat(plain.header("Content-Encoding")).isEmpty();
    assertThat(packed.header("Content-Encoding")).contains("gzip");
    assertThat(hashes.header("Content-Encoding")).isEmpty();
    for (Answer answer : List.of(plain, packed, hashes)) {
      assertThat(answer.header("Vary")).contains("Accept-Encoding");
    }
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
    }
  }

  // ---- proofs

  @Test
  void shouldProveConsistencyBetweenAnyTwoSizes() {
    for (long from : new long[] {0, 1, 2, 7, 256, 257, newest.size()}) {
      for (long to : new long[] {1, 2, 8, 255, 256, 260, newest.size()}) {
        if (from <= to) {
          JsonNode proof = get("consistency?from=" + from + "&to=" + to).expect(200).json();

          consistency(proof).verify(tree().root(from), tree().root(to));
        }
      }
    }
    assertThat(get("consistency?from=1&to=2").header("Cache-Control")).contains(IMMUTABLE);
    Answer open = get("consistency?from=1").expect(200);
    assertThat(open.header("Cache-Control")).contains("no-cache");
    assertThat(open.json().path("to").asLong()).isGreaterThanOrEqualTo(newest.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consistency",
        "consistency?to=2",
        "consistency?from=-1",
        "consistency?from=01",
        "consistency?from=x",
        "consistency?from=3&to=2",
        "consistency?from=1&to=999999",
        "consistency?from=9999999999999999999",
        "consistency?from=1&from=2"
      })
  void shouldRefuseSizesThatCannotBe(String path) {
    get(path).expectProblem(400, "invalid_parameter");
  }

  @Test
  void shouldProveAnEventInItsJson() {
    String id = firstDecision().path("event_id").asText();
    String path = "/v1/events/" + id;
    Caller auditor = client.role("auditor");

    Answer answer = client.get(path + "?since=" + early.size(), auditor).expect(200);

    JsonNode proof = answer.json().path("proof");
    Checkpoint checkpoint =
        Checkpoint.parse(
            SignedNote.parse(LedgerClient.utf8(proof.path("checkpoint").asText())).text());
    Hash leaf = hash(proof.path("leaf_hash"));
    assertThat(proof.path("log").asText()).isEqualTo(checkpoint.origin());
    assertThat(leaf).isEqualTo(new TreeHasher().leaf(entry(proof.path("index").asLong())));
    new InclusionProof(
            proof.path("index").asLong(), proof.path("size").asLong(), hashes(proof.path("path")))
        .verify(leaf, checkpoint.root());
    consistency(proof.path("consistency")).verify(early.root(), checkpoint.root());

    // The log grows by each call; what was proven stays proven.
    String tag = answer.required("ETag");
    assertThat(client.get(path, auditor, "If-None-Match", tag).status()).isEqualTo(304);
    client.get(path + "?since=999999999", auditor).expectProblem(400, "invalid_parameter");
    client.get(path + "?since=x", auditor).expectProblem(400, "invalid_parameter");
  }

  @Test
  void shouldGiveACoseReceiptOfInclusion() {
    JsonNode decision = firstDecision();
    String path = "/v1/events/" + decision.path("event_id").asText() + "/proof";
    Caller auditor = client.role("auditor");

    Answer answer = client.get(path, auditor, "Accept", "application/cose").expect(200);

    long index = Position.parse(decision.path("position").asText()).orElseThrow().offset();
    Hash leaf = new TreeHasher().leaf(entry(index));
    assertThat(answer.header("Content-Type")).contains("application/cose");
    assertThat(answer.header("Vary").orElseThrow()).contains("Accept");
    assertThat(InclusionReceipt.verify(key(KeyPurpose.INCLUSION), leaf, answer.body())).isPresent();
    assertThat(InclusionReceipt.verify(key(KeyPurpose.RECEIPT), leaf, answer.body())).isEmpty();
    String both = "text/plain;q=0.5, application/*";
    assertThat(client.get(path, auditor, "Accept", both).header("Content-Type"))
        .contains("application/cose");
    assertThat(client.get(path, auditor, "Accept", "*/*").required("Content-Type"))
        .startsWith("text/plain");
    client.get(path, auditor, "Accept", "text/html").expectProblem(406, "not_acceptable");
    client
        .get(path, auditor, "Accept", "application/cose;q=0, text/html")
        .expectProblem(406, "not_acceptable");
  }

  // ---- receipts

  @Test
  void shouldGiveAReceiptForEveryAcceptedFact() {
    Caller merchant = client.merchant(SNOWDEVIL);
    Caller admin = client.role("admin");
    String shop = "/v1/shops/" + SNOWDEVIL;
    byte[] image = TestNode.image("png", 7);
    Answer token =
        client.postJson("/v1/tokens", admin, "{\"role\":\"auditor\",\"ttl\":\"1h\"}").expect(201);

    shouldHoldTheReceipts(deliver(), "WebhookReceived");
    shouldHoldTheReceipts(
        client.postForm(
            shop + "/signing-requests",
            merchant,
            List.of(Part.file("a.png", "image/png", image), Part.request("{}"))),
        "AssetStored",
        "SigningRequested");
    shouldHoldTheReceipts(
        client.send(
            "PUT", shop + "/assets/" + TestNode.hex(TestNode.sha256(image)), merchant, image),
        "AssetStored");
    shouldHoldTheReceipts(token, "TokenCreated");
    shouldHoldTheReceipts(
        client.send("DELETE", "/v1/tokens/" + token.json().path("id").asText(), admin, new byte[0]),
        "TokenRevoked");
    shouldHoldTheReceipts(
        client.send(
            "PUT",
            "/v1/shops/receipts.myshopify.com",
            admin,
            LedgerClient.utf8("{\"shop_id\":\"4711\"}"),
            "Content-Type",
            "application/json"),
        "ShopInstalled");
    assertThat(client.get(shop + "/events", merchant).header("Ledger-Receipt"))
        .as("a read accepts nothing")
        .isEmpty();
  }

  @Test
  void shouldGiveAReceiptForEachItemAndTheSameAgain() {
    ObjectNode two = JsonNodeFactory.instance.objectNode();
    two.putArray("items").add(decision(1)).add(decision(2));
    String key = "receipts-" + newId();
    Caller producer = client.role("producer");

    Answer first =
        client.postJson("/v1/auth-decisions", producer, two.toString(), "Idempotency-Key", key);
    Answer again =
        client.postJson("/v1/auth-decisions", producer, two.toString(), "Idempotency-Key", key);

    List<String> receipts = first.expect(202).json().findValuesAsText("receipt");
    assertThat(receipts).hasSize(2);
    assertThat(first.required("Ledger-Receipt")).isEqualTo(receipts.getLast());
    assertThat(again.expect(202).json().findValuesAsText("receipt")).isEqualTo(receipts);
    receipts.forEach(receipt -> shouldHold(receipt, "AuthDecided"));
  }

  private static void shouldHoldTheReceipts(Answer answer, String... types) {
    assertThat(answer.status()).as(answer::toString).isBetween(200, 204);
    List<String> receipts = answer.response().headers().allValues("Ledger-Receipt");
    assertThat(receipts).hasSize(types.length);
    for (int i = 0; i < types.length; i++) {
      shouldHold(receipts.get(i), types[i]);
    }
    assertThat(Receipt.verify(receipts.getLast(), List.of(key(KeyPurpose.RECEIPT))).position())
        .isEqualTo(position(answer));
  }

  /** The receipt says what stands in the log. */
  private static void shouldHold(String text, String type) {
    Receipt receipt = Receipt.verify(text, List.of(key(KeyPurpose.RECEIPT)));
    Position at = receipt.position();
    Checkpoint checkpoint = covering(at);

    assertThat(checkpoint.origin()).isEqualTo(receipt.log());
    assertThat(Hash.of(entry(at.partition(), at.offset(), checkpoint.size())))
        .isEqualTo(receipt.record());
    JsonNode event = client.event(receipt.eventId());
    assertThat(event.path("type").asText()).isEqualTo(type);
    assertThat(event.path("offset").asLong()).isEqualTo(at.offset());
    assertThat(Instant.parse(event.path("recorded_at").asText())).isEqualTo(receipt.time());
    assertThat(receipt.includeBy()).isAfter(receipt.time());
  }

  // ---- a verifier in another language

  @Test
  void shouldBeVerifiedInJavaScript() throws IOException {
    JsonNode decision = firstDecision();
    String event = "/v1/events/" + decision.path("event_id").asText();
    Caller auditor = client.role("auditor");
    String receipts =
        StreamSupport.stream(decided.json().path("items").spliterator(), false)
            .map(item -> item.path("receipt").asText() + "\n")
            .collect(Collectors.joining());

    String output =
        TlogVerifier.run(
                node.node().url() + "/tlog/" + partition,
                "--vkey",
                log().path("vkeys").path(0).asText(),
                "--old",
                file("old", earlyNote),
                "--proof",
                file("proof", client.get(event + "/proof", auditor).expect(200).body()),
                "--cose",
                file(
                    "cose",
                    client
                        .get(event + "/proof", auditor, "Accept", "application/cose")
                        .expect(200)
                        .body()),
                "--receipts",
                file("receipts", LedgerClient.utf8(receipts)),
                "--keys",
                file(
                    "keys.json",
                    client.get("/v1/trust/keys.json", Caller.NOBODY).expect(200).body()))
            .expectOk();

    String offset = decision.path("position").asText().replaceFirst(".*:", "");
    assertThat(output)
        .contains(
            "ok log ",
            "ok consistency: " + early.size() + " to ",
            "ok proof: entry " + offset + "\n",
            "ok cose: entry " + offset + "\n");
    assertThat(output.lines().filter(line -> line.startsWith("ok receipt"))).hasSize(DECISIONS);
  }

  // ---- the log

  private static String file(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }

  private static Answer deliver() {
    return client.deliver(node.delivery("orders/create", SNOWDEVIL, product(newId()))).expect(200);
  }

  private static String decisions() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (int i = 0; i < DECISIONS; i++) {
      items.add(decision(i));
    }
    return body.toString();
  }

  private static ObjectNode decision(int number) {
    ObjectNode decision = JsonNodeFactory.instance.objectNode();
    decision.put("shop", SNOWDEVIL).put("occurred_at", "2026-11-23T09:00:00Z");
    decision.putObject("subject").put("type", "operator").put("id", "user-" + number);
    decision.put("decision", "deny").put("role", "support").put("action", "order.refund");
    decision.putObject("resource").put("type", "order");
    return decision.put("reason", "amount_over_limit").put("enforcement_point", "backoffice");
  }

  private static JsonNode firstDecision() {
    return decided.json().path("items").path(0);
  }

  private static Answer get(String path, String... headers) {
    return client.get("/tlog/" + partition + "/" + path, Caller.NOBODY, headers);
  }

  private static Answer head(String path) {
    return client.send("HEAD", "/tlog/" + partition + "/" + path, Caller.NOBODY, new byte[0]);
  }

  private static JsonNode log() {
    return client.get("/tlog", Caller.NOBODY).expect(200).json().path("logs").path(partition);
  }

  private static Position position(Answer accepted) {
    return Position.parse(accepted.required("Ledger-Position")).orElseThrow();
  }

  private static Checkpoint covering(Position position) {
    return await()
        .atMost(PATIENT)
        .until(
            () -> checkpoint(position.partition()),
            found -> found.map(one -> one.size() > position.offset()).orElse(false))
        .orElseThrow();
  }

  private static Optional<Checkpoint> checkpoint(int partition) {
    Answer answer = client.get("/tlog/" + partition + "/checkpoint", Caller.NOBODY);
    return answer.status() == 200
        ? Optional.of(Checkpoint.parse(SignedNote.parse(answer.body()).text()))
        : Optional.empty();
  }

  private static TileTree tree() {
    return new TileTree(tile -> Optional.of(get(tile.path()).expect(200).body()));
  }

  private static byte[] entry(long index) {
    return entry(partition, index, newest.size());
  }

  private static byte[] entry(int partition, long index, long size) {
    Tile bundle = Tile.entriesAt(index >>> Tile.HEIGHT, size);
    byte[] bytes =
        client.get("/tlog/" + partition + "/" + bundle.path(), Caller.NOBODY).expect(200).body();
    return EntryBundle.parse(bytes, bundle.width()).get((int) (index & (Tile.FULL - 1)));
  }

  private static Verifier key(KeyPurpose purpose) {
    JsonNode set = client.get("/v1/trust/keys.json", Caller.NOBODY).expect(200).json();
    return Jwks.ed25519(set, purpose).getFirst();
  }

  private static ConsistencyProof consistency(JsonNode proof) {
    return new ConsistencyProof(
        proof.path("from").asLong(), proof.path("to").asLong(), hashes(proof.path("path")));
  }

  private static List<Hash> hashes(JsonNode path) {
    List<Hash> hashes = new ArrayList<>();
    path.forEach(one -> hashes.add(hash(one)));
    return hashes;
  }

  private static Hash hash(JsonNode base64) {
    return Hash.of(Base64.getDecoder().decode(base64.asText()));
  }
}
