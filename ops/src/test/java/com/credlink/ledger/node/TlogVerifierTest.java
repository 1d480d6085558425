package com.credlink.ledger.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.tlog.DirectoryLog;
import com.credlink.ledger.tlog.LogCheck;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our tree code before two verifiers that agree on nothing but the specification. */
class TlogVerifierTest {

  /** The example of the specification: three levels of tiles, each with a partial one. */
  private static final int SIZE = 70_000;

  private static final int OLD_SIZE = 65_537;
  private static final String ORIGIN = "log.example/0";
  private static final NoteSigner SIGNER =
      LocalNoteSigner.ed25519(ORIGIN, Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]));

  /** As many as show every kind of tile but a full one of the second level. */
  private static final int SMALL = 600;

  @TempDir private static Path directory;
  private static HttpServer server;

  @BeforeAll
  static void serve() {
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            directory.toAbsolutePath(),
            OutputLevel.NONE);
    server.start();
    publish("small", SMALL, SMALL);
  }

  /** Writes a log and returns what its checkpoint was at an earlier size. */
  private static Checkpoint publish(String name, int size, int earlier) {
    TreeHasher hasher = new TreeHasher();
    TileWriter tree = new TileWriter((tile, hashes) -> write(name, tile.path(), hashes));
    List<byte[]> bundle = new ArrayList<>();
    Hash root = Hash.EMPTY_ROOT;
    for (int i = 0; i < size; i++) {
      byte[] entry = "%032d".formatted(i).getBytes(UTF_8);
      tree.append(hasher.leaf(entry));
      bundle.add(entry);
      if (bundle.size() == Tile.FULL || i == size - 1) {
        write(name, Tile.entriesAt(i / Tile.FULL, i + 1).path(), EntryBundle.format(bundle));
        bundle.clear();
      }
      root = tree.size() == earlier ? tree.root() : root;
    }
    tree.flush();
    write(name, "checkpoint", signed(new Checkpoint(ORIGIN, size, tree.root())));
    return new Checkpoint(ORIGIN, earlier, root);
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Test
  void shouldHoldForBoth() {
    Checkpoint old = publish("large", SIZE, OLD_SIZE);

    LogCheck.Verified ours =
        LogCheck.run(
            new DirectoryLog(directory.resolve("large")),
            List.of(SIGNER.key()),
            Optional.of(old),
            done -> {});
    String theirs = verify("large").expectOk();

    assertThat(theirs)
        .contains(
            "ok log log.example/0: 70000 entries, 277 tiles, root "
                + ours.checkpoint().root().base64());
  }

  @ParameterizedTest
  @CsvSource({
    "tile/entries/000, 5, do not lead to the signed root",
    "tile/entries/002.p/88, 0, is cut off",
    "tile/0/001, 8191, tile/0/001 does not follow",
    "tile/0/002.p/88, 0, tile/0/002.p/88 does not follow",
    "tile/1/000.p/2, 63, tile/1/000.p/2 does not follow",
    "checkpoint, 15, signature of the checkpoint does not verify"
  })
  void shouldFindWhatWasChanged(String path, int at, String words) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve("small").resolve(path));
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    write("small", path, changed);
    try {
      verify("small").expectFault(words);
    } finally {
      write("small", path, bytes);
    }
  }

  @Test
  void shouldFindThatAnOlderCheckpointIsOfAnotherHistory() throws IOException {
    Checkpoint other = new Checkpoint(ORIGIN, SMALL - 1, Hash.EMPTY_ROOT);
    Path file = Files.write(directory.resolve("old"), signed(other));

    verify("small", "--old", file.toString()).expectFault("does not continue the older checkpoint");
  }

  private static TlogVerifier.Result verify(String log, String... more) {
    String url = "http://localhost:%d/%s".formatted(server.getAddress().getPort(), log);
    List<String> arguments = new ArrayList<>(List.of(url, "--vkey", SIGNER.key().format()));
    arguments.addAll(List.of(more));
    return TlogVerifier.run(arguments.toArray(String[]::new));
  }

  private static byte[] signed(Checkpoint checkpoint) {
    return checkpoint.sign(Instant.EPOCH, List.of(SIGNER)).toByteArray();
  }

  private static void write(String log, String path, byte[] bytes) {
    try {
      Path file = directory.resolve(log).resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
