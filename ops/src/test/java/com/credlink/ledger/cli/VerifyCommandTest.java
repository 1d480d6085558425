package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.worker.CheckpointSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
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

/** What {@code verify} says and how it ends. */
class VerifyCommandTest {

  private static final String ORIGIN = "ledger.example/0";

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private List<NoteSigner> signers;

  @BeforeEach
  void publish() throws IOException {
    SecureRandom random = new SecureRandom();
    LogKeys keys =
        LogKeys.open(
            directory.resolve("log.p12"), new Password.Given("a password for a test"), random);
    signers = CheckpointSigner.signers(ORIGIN, keys, random);
    publish(300);
  }

  @Test
  void shouldSayWhatHolds() {
    assertThat(verify()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(UTF_8))
        .contains(ORIGIN + ": intact, 300 entries", "Ed25519", "ML-DSA-44");

    out.reset();
    assertThat(verify("--json")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(UTF_8)).contains("\"intact\":true", "\"size\":300");
  }

  @Test
  void shouldNameTheEntryThatWasChangedAndExitWithOne() throws IOException {
    Path bundle = log().resolve("tile/entries/000");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[34 * 7 + 4] ^= 1;
    Files.write(bundle, bytes);

    assertThat(verify()).isEqualTo(ExitCode.NO);
    assertThat(out.toString(UTF_8)).contains(ORIGIN + ": NOT INTACT, entry 7: ");
  }

  @Test
  void shouldHoldAnOlderCheckpointAgainstTheLog() throws IOException {
    Path old = directory.resolve("old");
    Files.copy(log().resolve("checkpoint"), old);
    publish(700);

    assertThat(verify("--old", old.toString())).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(UTF_8)).contains("700 entries", "continues the checkpoint of size 300");

    publish(299);
    assertThat(verify("--old", old.toString())).isEqualTo(ExitCode.NO);
    assertThat(out.toString(UTF_8)).contains("missing");

    Files.writeString(old, "another.log\n5\n");
    assertThat(verify("--old", old.toString())).isEqualTo(ExitCode.NO);
    assertThat(err.toString(UTF_8)).contains("is of none of these logs");
  }

  @Test
  void shouldSayWhatItCannotDoAndExitWithThree() {
    assertThat(run("verify", "--log", directory.resolve("none").toString())).isEqualTo(3);
    assertThat(err.toString(UTF_8)).contains("neither a URL nor a directory");

    err.reset();
    assertThat(run("verify", "--log", log().toString())).isEqualTo(3);
    assertThat(err.toString(UTF_8)).contains("no --vkey is that log's");

    err.reset();
    assertThat(run("verify", "--log", log().toString(), "--vkey", "nonsense")).isEqualTo(3);
    assertThat(err.toString(UTF_8)).contains("--vkey 'nonsense'");

    err.reset();
    assertThat(run("verify", "--log", "http://127.0.0.1:1")).isEqualTo(3);
    assertThat(err.toString(UTF_8)).contains("nothing answers at http://127.0.0.1:1");
  }

  // ---- the log and the command

  private Path log() {
    return directory.resolve("log");
  }

  private void publish(int size) throws IOException {
    TreeHasher hasher = new TreeHasher();
    TileWriter tree = new TileWriter(this::write);
    List<byte[]> entries =
        IntStream.range(0, size).mapToObj(i -> "%032d".formatted(i).getBytes(UTF_8)).toList();
    entries.forEach(entry -> tree.append(hasher.leaf(entry)));
    tree.flush();
    for (int from = 0; from < size; from += Tile.FULL) {
      write(
          Tile.entriesAt(from / Tile.FULL, size),
          EntryBundle.format(entries.subList(from, Math.min(size, from + Tile.FULL))));
    }
    Files.write(
        log().resolve("checkpoint"),
        new Checkpoint(ORIGIN, size, tree.root()).sign(Instant.EPOCH, signers).toByteArray());
  }

  private void write(Tile tile, byte[] bytes) {
    try {
      Path path = log().resolve(tile.path());
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int verify(String... more) {
    List<String> arguments = new ArrayList<>(List.of("verify", "--log", log().toString()));
    signers.forEach(signer -> arguments.addAll(List.of("--vkey", signer.key().format())));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    out.reset();
    return LedgerCli.commandLine(
            new Console(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of(),
                directory,
                InstantSource.system(),
                new SecureRandom()))
        .execute(arguments);
  }
}
