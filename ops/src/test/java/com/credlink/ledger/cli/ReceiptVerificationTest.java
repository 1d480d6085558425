package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.ReceiptKeys;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.sign.Receipt;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify --receipt} says and how it ends. */
class ReceiptVerificationTest {

  private static final String LEDGER = "ledger.example";
  private static final String ORIGIN = LEDGER + "/0";
  private static final Instant TIME = Instant.parse("2026-11-23T09:00:00Z");
  private static final Instant DUE = TIME.plusSeconds(60);
  private static final NoteSigner LOG =
      LocalNoteSigner.ed25519(ORIGIN, Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]));
  private static final int SIZE = 300;

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private ReceiptKeys keys;
  private Instant now = DUE;

  @BeforeEach
  void publish() throws IOException {
    keys =
        ReceiptKeys.open(
            directory.resolve("receipts.p12"),
            new Password.Given("a password for a test"),
            new SecureRandom(),
            InstantSource.fixed(TIME));
    Files.createDirectories(ledger().resolve("v1/trust"));
    Files.writeString(keySet(), Jwks.withValidity(keys.all()).toString());
    TreeHasher hasher = new TreeHasher();
    TileWriter tree = new TileWriter((tile, hashes) -> write(tile.path(), hashes));
    List<byte[]> entries =
        IntStream.range(0, SIZE).mapToObj(ReceiptVerificationTest::entry).toList();
    entries.forEach(entry -> tree.append(hasher.leaf(entry)));
    tree.flush();
    for (int from = 0; from < SIZE; from += Tile.FULL) {
      write(
          Tile.entriesAt(from / Tile.FULL, SIZE).path(),
          EntryBundle.format(entries.subList(from, Math.min(SIZE, from + Tile.FULL))));
    }
    write(
        "checkpoint",
        new Checkpoint(ORIGIN, SIZE, tree.root()).sign(TIME, List.of(LOG)).toByteArray());
  }

  @Test
  void shouldSayThatThePromiseWasKept() {
    assertThat(verify(receipt(7, entry(7)))).isEqualTo(ExitCode.DONE);
    assertThat(said()).contains("ledger.example/0: event an-event is entry 7 of 300");

    assertThat(verify("Ledger-Receipt: " + receipt(7, entry(7)), "", receipt(299, entry(299))))
        .isEqualTo(ExitCode.DONE);
    assertThat(said().lines()).hasSize(2);
  }

  @Test
  void shouldSayThatSomethingIsMissing() {
    assertThat(verify(receipt(300, entry(300)))).isEqualTo(ExitCode.NO);
    assertThat(said())
        .contains("is MISSING, the log has 300 entries", DUE.toString(), "evidence of omission");

    assertThat(verify(receipt(7, entry(8)))).isEqualTo(ExitCode.NO);
    assertThat(said())
        .contains("is MISSING, entry 7 of 300 is " + Hash.of(entry(7)), "evidence of omission");
  }

  @Test
  void shouldSayThatAPromiseIsNotDueYet() {
    now = DUE.minusMillis(1);

    assertThat(verify(receipt(300, entry(300)))).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(said()).contains("is not in the log yet", "ask again then", DUE.toString());

    assertThat(verify(receipt(300, entry(300)), receipt(7, entry(8))))
        .as("one that is broken weighs more")
        .isEqualTo(ExitCode.NO);
  }

  @Test
  void shouldNotBelieveAReceiptOfAnybodyElse() {
    assertThat(verify(receipt(keys.inclusion(), 7, entry(7)))).isEqualTo(ExitCode.NO);
    assertThat(said()).contains("NOT A RECEIPT of this ledger: ", "not of a key that is known");

    assertThat(verify(receipt(7, entry(7)).replace('.', ','))).isEqualTo(ExitCode.NO);
    assertThat(said()).contains("NOT A RECEIPT of this ledger: not a receipt");
  }

  @Test
  void shouldSayThatTheLogItselfDoesNotHold() throws IOException {
    byte[] bundle = Files.readAllBytes(log().resolve("tile/entries/000"));
    bundle[2] ^= 1;
    write("tile/entries/000", bundle);

    assertThat(verify(receipt(0, entry(0)))).isEqualTo(ExitCode.NO);
    assertThat(said()).contains("NOT INTACT, entry 0: ");
  }

  @Test
  void shouldAnswerForPrograms() {
    assertThat(run(receipts(receipt(7, entry(7))), "--json")).isEqualTo(ExitCode.DONE);

    assertThat(said())
        .contains("\"kept\":true", "\"index\":7", "\"size\":300", "\"event_id\":\"an-event\"");
  }

  /** A ledger's site that is a directory: one log below /tlog/0, and the keys beside it. */
  @Test
  void shouldTakeTheKeysThatTheLedgerPublishes() {
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ledger().toAbsolutePath(),
            OutputLevel.NONE);
    server.start();
    try {
      String url = "http://localhost:%d/tlog/0".formatted(server.getAddress().getPort());
      List<String> arguments =
          List.of(
              "verify",
              "--log",
              url,
              "--vkey",
              LOG.key().format(),
              "--receipt",
              receipts(receipt(7, entry(7))));

      assertThat(execute(arguments)).isEqualTo(ExitCode.DONE);
      assertThat(said()).contains("is entry 7 of 300");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldSayWhatItCannotDoAndExitWithThree() throws IOException {
    assertThat(verify("")).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("has no receipt in it");
    assertThat(run(directory.resolve("none").toString())).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("cannot be read");

    String other =
        new Receipt("another", "e", Hash.EMPTY_ROOT, new Position(0, 0), TIME, DUE)
            .sign(keys.acceptance());
    assertThat(verify(other)).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("is of the log 'another/0'");

    String file = receipts(receipt(7, entry(7)));
    List<String> without =
        List.of(
            "verify", "--log", log().toString(), "--vkey", LOG.key().format(), "--receipt", file);
    assertThat(execute(without)).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("give them with --receipt-key");

    Files.writeString(
        keySet(),
        Jwks.withValidity(Map.of(KeyPurpose.INCLUSION, keys.all().get(KeyPurpose.INCLUSION)))
            .toString());
    assertThat(run(file)).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("has no key of purpose 'receipt'");
    Files.writeString(keySet(), "no JSON");
    assertThat(run(file)).isEqualTo(ExitCode.NOT_CARRIED_OUT);
    assertThat(err.toString(UTF_8)).contains("is no key set");
  }

  // ---- the receipts and the command

  private String receipt(long index, byte[] entry) {
    return receipt(keys.acceptance(), index, entry);
  }

  private static String receipt(Signer signer, long index, byte[] entry) {
    return new Receipt(LEDGER, "an-event", Hash.of(entry), new Position(0, index), TIME, DUE)
        .sign(signer);
  }

  private static byte[] entry(int index) {
    return "%032d".formatted(index).getBytes(UTF_8);
  }

  private Path ledger() {
    return directory.resolve("ledger");
  }

  private Path log() {
    return ledger().resolve("tlog/0");
  }

  private Path keySet() {
    return ledger().resolve("v1/trust/keys.json");
  }

  private void write(String path, byte[] bytes) {
    try {
      Path file = log().resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String receipts(String... lines) {
    try {
      return Files.writeString(directory.resolve("receipts"), String.join("\n", lines) + "\n")
          .toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int verify(String... receipts) {
    return run(receipts(receipts));
  }

  private int run(String file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "--log",
                log().toString(),
                "--vkey",
                LOG.key().format(),
                "--receipt",
                file,
                "--receipt-key",
                keySet().toString()));
    arguments.addAll(List.of(more));
    return execute(arguments);
  }

  private String said() {
    return out.toString(UTF_8);
  }

  private int execute(List<String> arguments) {
    out.reset();
    err.reset();
    return LedgerCli.commandLine(
            new Console(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of(),
                directory,
                InstantSource.fixed(now),
                new SecureRandom()))
        .execute(arguments.toArray(String[]::new));
  }
}
