package com.credlink.ledger.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.witness.AddCheckpoint;
import com.credlink.ledger.tlog.witness.CosignedHeads;
import com.credlink.ledger.tlog.witness.Witness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness over HTTP against each case of c2sp.org/tlog-witness. */
class WitnessServerTest {

  private static final String ORIGIN = "log.example/0";
  private static final String NAME = "witness.example/w1";
  private static final int STATUS_LENGTH = 3;

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private LogKeys logKeys;
  private GrowingLog log;
  private List<NoteSigner> signers;
  private WitnessServer server;

  @BeforeEach
  void start() throws Exception {
    logKeys = keys("log");
    log = new GrowingLog(ORIGIN, "a", logKeys);
    LogKeys own = keys("witness");
    signers =
        List.of(
            LocalNoteSigner.ed25519Cosigner(NAME, own.ed25519()),
            LocalNoteSigner.mlDsa44(NAME, own.mlDsa44(), new SecureRandom()));
    open();
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  @Test
  void shouldCosignATreeThatGrowsWithBothAlgorithms() throws Exception {
    shouldBeCosigned(submit(log.grow(3).request(0)), log.checkpoint());
    shouldBeCosigned(submit(log.grow(700).request(3)), log.checkpoint());
    shouldBeCosigned(submit(log.request(700)), log.checkpoint());

    SignedNote shown = SignedNote.parse(get(CosignedHeads.name(ORIGIN) + "/checkpoint").body());
    assertThat(shown.text()).isEqualTo(log.checkpoint().text());
    assertThat(shown.verify(log.keys())).as("the log's lines").hasSize(2);
    assertThat(shown.verify(vkeys())).as("the witness' lines").hasSize(2);
    assertThat(text(get("metrics")))
        .contains("witness_requests_total{status=\"200\"} 3.0", "witness_cosigned_size");
  }

  @Test
  void shouldCosignATreeWithoutLeaves() throws Exception {
    shouldBeCosigned(submit(log.grow(0).request(0)), log.checkpoint());
    shouldBeCosigned(submit(log.grow(5).request(0)), log.checkpoint());
  }

  @Test
  void shouldSayWhatWasCosignedLastToWhoeverIsWrongAboutIt() throws Exception {
    submit(log.grow(3).request(0));

    HttpResponse<byte[]> answer = submit(log.grow(9).request(0));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/x.tlog.size");
    assertThat(text(answer)).isEqualTo("3\n");
    assertThat(submit(log.request(4)).statusCode()).isEqualTo(409);
    assertThat(submit(log.request(3)).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldRefuseAForkWhereverItBegins() throws Exception {
    submit(log.grow(20).request(0));
    GrowingLog fork = new GrowingLog(ORIGIN, "b", logKeys).grow(20);

    assertThat(submit(fork.request(20)).statusCode()).as("same size").isEqualTo(422);
    assertThat(submit(fork.grow(30).request(20)).statusCode()).as("larger").isEqualTo(422);
    assertThat(submit(fork.request(10)).statusCode()).as("from the common part").isEqualTo(409);
    assertThat(submit(fork.request(0)).statusCode()).as("from nothing").isEqualTo(409);
    shouldBeCosigned(submit(log.grow(21).request(20)), log.checkpoint());
  }

  @Test
  void shouldRefuseWhatIsNotProven() throws Exception {
    log.grow(9);
    assertThat(submit(new AddCheckpoint(0, log.proof(4), log.checkpoint()).toByteArray()))
        .as("a proof from nothing")
        .returns(422, HttpResponse::statusCode);
    submit(log.request(0));
    log.grow(17);
    List<Hash> path = new ArrayList<>(log.proof(9));
    path.removeLast();
    assertThat(submit(new AddCheckpoint(9, path, log.checkpoint()).toByteArray()).statusCode())
        .isEqualTo(422);
    path.add(Hash.EMPTY_ROOT);
    assertThat(submit(new AddCheckpoint(9, path, log.checkpoint()).toByteArray()).statusCode())
        .isEqualTo(422);

    GrowingLog other = new GrowingLog("log.example/1", "a", logKeys);
    Hash leaf = new GrowingLog("x", "a", logKeys).grow(8).proof(7).getFirst();
    SignedNote empty = other.sign(new Checkpoint("log.example/1", 0, leaf));
    assertThat(submit(new AddCheckpoint(0, List.of(), empty).toByteArray()).statusCode())
        .as("an empty tree with another root")
        .isEqualTo(422);
  }

  @Test
  void shouldBelieveTheKeysOfTheLogAlone() throws Exception {
    log.grow(3);
    LogKeys stranger = keys("stranger");
    GrowingLog forged = new GrowingLog(ORIGIN, "a", stranger).grow(3);
    assertThat(submit(forged.request(0)).statusCode()).as("another's key").isEqualTo(403);

    SignedNote swapped =
        new SignedNote(
            log.checkpoint().text(),
            new GrowingLog(ORIGIN, "b", logKeys).grow(30).checkpoint().signatures());
    assertThat(submit(new AddCheckpoint(0, List.of(), swapped).toByteArray()).statusCode())
        .as("a line of another checkpoint")
        .isEqualTo(403);

    GrowingLog unknown = new GrowingLog("elsewhere.example/0", "a", logKeys).grow(3);
    assertThat(submit(unknown.request(0)).statusCode()).as("another log").isEqualTo(404);
    assertThat(get(CosignedHeads.name(ORIGIN) + "/checkpoint").statusCode()).isEqualTo(404);

    SignedNote both = log.checkpoint().with(forged.checkpoint().signatures());
    shouldBeCosigned(submit(new AddCheckpoint(0, List.of(), both).toByteArray()), log.checkpoint());
    assertThat(
            SignedNote.parse(get(CosignedHeads.name(ORIGIN) + "/checkpoint").body()).signatures())
        .as("a stranger's lines are not kept")
        .hasSize(4);
  }

  @Test
  void shouldRefuseWhatIsNoRequest() throws Exception {
    String request = new String(log.grow(3).request(0), UTF_8);
    String hash = Hash.EMPTY_ROOT.base64() + "\n";
    for (String malformed :
        List.of(
            "",
            "\n\n",
            "old 0\n",
            request.replace("old 0", "old 00"),
            request.replace("old 0", "old -1"),
            request.replace("old 0", "old 9223372036854775808"),
            request.replace("old 0", "old  0"),
            request.replace("old 0", "size 0"),
            request.replace("old 0\n", "old 0\r\n"),
            request.replace("old 0\n", "old 0\n" + hash.repeat(64)),
            request.replace("old 0\n", "old 0\nAAAA\n"),
            request.replace("old 0\n", "old 0\n" + hash.replace("=", "")),
            request.replace("old 0\n\n", "old 0\n"),
            request.substring(0, request.length() - 1),
            request.replace("old 0", "old 4"))) {
      assertThat(submit(malformed.getBytes(UTF_8)).statusCode())
          .as(malformed.lines().findFirst().orElse("nothing"))
          .isEqualTo(400);
    }
    assertThat(submit(request.replace("old 0\n", "old 0\n" + hash.repeat(63)).getBytes(UTF_8)))
        .as("63 lines can be read")
        .returns(422, HttpResponse::statusCode);
    assertThat(submit(new byte[AddCheckpoint.MAX_BYTES]).statusCode()).isEqualTo(400);
    assertThat(submit(new byte[AddCheckpoint.MAX_BYTES + 1]).statusCode()).isEqualTo(413);
    assertThat(get("add-checkpoint").statusCode()).isEqualTo(405);
    assertThat(get("healthz/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldGoOnAfterARestart() throws Exception {
    submit(log.grow(20).request(0));
    server.close();
    open();

    assertThat(text(submit(log.grow(30).request(0)))).isEqualTo("20\n");
    GrowingLog fork = new GrowingLog(ORIGIN, "b", logKeys).grow(30);
    assertThat(submit(fork.request(20)).statusCode()).isEqualTo(422);
    shouldBeCosigned(submit(log.request(20)), log.checkpoint());
  }

  @Test
  void shouldNotStartOnAHeadThatIsNotItsOwn() throws Exception {
    submit(log.grow(20).request(0));
    server.close();
    Path file = directory.resolve("heads").resolve(CosignedHeads.name(ORIGIN));
    Files.writeString(file, Files.readString(file).replace("\n20\n", "\n10\n"));

    assertThatThrownBy(this::open)
        .isInstanceOf(CosignedHeads.DamagedException.class)
        .hasMessageContaining("could vouch for two histories");
  }

  /** What cannot be kept must not be said. */
  @Test
  void shouldGiveNoCosignatureThatItCannotKeep() throws Exception {
    submit(log.grow(5).request(0));
    Path heads = directory.resolve("heads");
    Files.move(heads, directory.resolve("elsewhere"));
    Files.createFile(heads);

    assertThat(submit(log.grow(9).request(5)).statusCode()).isEqualTo(503);

    Files.delete(heads);
    Files.move(directory.resolve("elsewhere"), heads);
    assertThat(text(submit(log.request(9)))).as("nothing was cosigned since").isEqualTo("5\n");
    shouldBeCosigned(submit(log.request(5)), log.checkpoint());
  }

  /** Of two histories that are sent at once one is cosigned, whoever is first. */
  @Test
  void shouldCosignOneHistoryOfTwoThatAreSentAtOnce() throws Exception {
    List<GrowingLog> histories =
        List.of(log.grow(10), new GrowingLog(ORIGIN, "b", logKeys).grow(10));
    submit(log.request(0));
    long size = 10;
    try (ExecutorService senders = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 10; round++) {
        List<Callable<HttpResponse<byte[]>>> all = new ArrayList<>();
        for (GrowingLog history : histories) {
          byte[] request = history.grow(size + 5).request(size);
          all.addAll(Collections.nCopies(4, () -> submit(request)));
        }
        Collections.shuffle(all);
        List<String> answers = new ArrayList<>();
        for (Future<HttpResponse<byte[]>> each : senders.invokeAll(all)) {
          answers.add(each.get().statusCode() + text(each.get()).strip());
        }
        String now = Long.toString(size + 5);
        assertThat(answers).filteredOn(answer -> answer.startsWith("200")).hasSize(1);
        assertThat(answers)
            .filteredOn(answer -> !answer.startsWith("200"))
            .allMatch(
                answer ->
                    answer.equals("409" + now) || answer.substring(0, STATUS_LENGTH).equals("422"));
        size += 5;
      }
    }
  }

  // ---- the witness and its clients

  private void open() throws IOException, NodeStartException {
    List<VerifierKey> watched = new ArrayList<>(log.keys());
    watched.addAll(new GrowingLog("log.example/1", "a", logKeys).keys());
    server =
        WitnessServer.start(
            new Witness(
                watched,
                signers,
                new CosignedHeads(directory.resolve("heads"), vkeys()),
                InstantSource.system()),
            "127.0.0.1",
            0);
  }

  private List<VerifierKey> vkeys() {
    return signers.stream().map(NoteSigner::key).toList();
  }

  private LogKeys keys(String name) {
    return LogKeys.open(
        directory.resolve(name + ".p12"),
        new Password.Given("a password for a test"),
        new SecureRandom());
  }

  private void shouldBeCosigned(HttpResponse<byte[]> answer, SignedNote of) {
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    SignedNote cosigned = SignedNote.parse((of.text() + "\n" + text(answer)).getBytes(UTF_8));
    assertThat(cosigned.verify(vkeys()))
        .extracting(SignedNote.Verified::key)
        .containsExactlyElementsOf(vkeys());
    assertThat(cosigned.verify(vkeys())).allMatch(line -> line.time().orElseThrow() > 0);
  }

  private HttpResponse<byte[]> submit(byte[] body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(url("add-checkpoint"))
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.ofByteArray());
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:%d/%s".formatted(server.port(), path));
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }
}
