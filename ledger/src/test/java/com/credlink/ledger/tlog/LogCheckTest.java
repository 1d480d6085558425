package com.credlink.ledger.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log in a directory: what holds, and that nothing else passes. */
class LogCheckTest {

  private static final String ORIGIN = "ledger.example/0";

  /** Two full tiles and a partial one; a second level. */
  private static final int SIZE = 700;

  private static final int MUTATIONS = 400;

  private static List<NoteSigner> signers;
  private static List<VerifierKey> keys;

  @TempDir private Path directory;
  private final List<byte[]> entries = new ArrayList<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPair mlDsa = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
    signers =
        List.of(
            LocalNoteSigner.ed25519(ORIGIN, TestKeys.ed25519("01".repeat(32))),
            LocalNoteSigner.mlDsa44(ORIGIN, mlDsa, new SecureRandom()));
    keys = signers.stream().map(NoteSigner::key).toList();
  }

  @BeforeEach
  void publish() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < SIZE; i++) {
      byte[] entry = new byte[32];
      random.nextBytes(entry);
      entries.add(entry);
    }
    publish(entries);
  }

  @Test
  void shouldHoldForWhatWasPublished() {
    LogCheck.Verified verified = check(Optional.empty());

    assertThat(verified.checkpoint().size()).isEqualTo(SIZE);
    assertThat(verified.signatures()).extracting(signature -> signature.key()).isEqualTo(keys);
  }

  @Test
  void shouldHoldForALogThatGrew() throws IOException {
    Checkpoint before = checkpoint();
    for (int i = 0; i < 300; i++) {
      entries.add(("later " + i).getBytes(StandardCharsets.UTF_8));
    }
    publish(entries);

    assertThat(check(Optional.of(before)).checkpoint().size()).isEqualTo(SIZE + 300);
    assertThat(check(Optional.of(checkpoint())).checkpoint().size()).isEqualTo(SIZE + 300);
  }

  /** A published partial tile may be removed once its full one is there. */
  @Test
  void shouldReadTheFullTileWhereThePartialOneIsGone() throws IOException {
    byte[] note = Files.readAllBytes(file("checkpoint"));
    for (int i = 0; i < 400; i++) {
      entries.add(new byte[] {(byte) i});
    }
    publish(entries);
    Files.write(file("checkpoint"), note);
    for (Path partial : files().filter(path -> path.toString().contains(".p/")).toList()) {
      // Level 1 has no full tile yet: there the older, narrower one stays.
      if (!partial.toString().contains("tile/1/")) {
        Files.delete(partial);
      }
    }
    publishTile(new Tile(1, 0, 2), Arrays.copyOf(Files.readAllBytes(file("tile/1/000.p/4")), 64));

    assertThat(check(Optional.empty()).checkpoint().size()).isEqualTo(SIZE);
  }

  /** One bit in any file of the log, anywhere. */
  @Test
  void shouldFindEachOfHundredsOfChangedBits() throws IOException {
    List<Path> files = files().sorted().toList();
    Random random = new Random(20261123);
    for (int i = 0; i < MUTATIONS; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      int bit = random.nextInt(bad.length * 8);
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, bad);

      assertThatThrownBy(() -> check(Optional.empty()))
          .as("bit %d of %s", bit, file)
          .isInstanceOf(LogTampered.class);

      Files.write(file, good);
    }
    assertThat(check(Optional.empty()).checkpoint().size()).isEqualTo(SIZE);
  }

  @Test
  void shouldFindEachFileThatIsCutOffOrGone() throws IOException {
    for (Path file : files().toList()) {
      byte[] good = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(good, good.length - 1));
      assertThatThrownBy(() -> check(Optional.empty())).isInstanceOf(LogTampered.class);
      Files.delete(file);
      assertThatThrownBy(() -> check(Optional.empty()))
          .isInstanceOfAny(LogTampered.class, LogUnreachable.class);
      Files.write(file, good);
    }
  }

  @Test
  void shouldNameTheFirstEntryThatIsWrong() throws IOException {
    Path bundle = file("tile/entries/001");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[17 * 34 + 2 + 5] ^= 1;
    Files.write(bundle, bytes);

    LogTampered fault = catchThrowableOfType(LogTampered.class, () -> check(Optional.empty()));

    assertThat(fault.index()).isEqualTo(OptionalLong.of(256 + 17));
    assertThat(fault).hasMessageStartingWith("entry 273: ");
  }

  /** Tiles and checkpoint are made anew and signed: only who kept an old checkpoint can tell. */
  @Test
  void shouldFindAnotherHistoryByAnOlderCheckpointOnly() throws IOException {
    Checkpoint before = checkpoint();
    entries.set(3, "another event".getBytes(StandardCharsets.UTF_8));
    entries.add(new byte[32]);
    publish(entries);

    assertThat(check(Optional.empty()).checkpoint().size()).isEqualTo(SIZE + 1);
    assertThatThrownBy(() -> check(Optional.of(before)))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("does not continue");
  }

  @Test
  void shouldFindSwappedEntriesAndALostEndByAnOlderCheckpoint() throws IOException {
    Checkpoint before = checkpoint();
    byte[] first = entries.get(10);
    entries.set(10, entries.set(11, first));
    publish(entries);
    assertThatThrownBy(() -> check(Optional.of(before))).isInstanceOf(LogTampered.class);

    entries.set(11, entries.set(10, first));
    publish(entries.subList(0, SIZE - 1));
    assertThatThrownBy(() -> check(Optional.of(before)))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("missing");
  }

  @Test
  void shouldDemandEverySignatureThatIsAskedFor() throws IOException {
    Checkpoint checkpoint = checkpoint();
    Files.write(
        file("checkpoint"), checkpoint.sign(Instant.EPOCH, signers.subList(0, 1)).toByteArray());

    assertThatThrownBy(() -> check(Optional.empty()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("not signed by key");
  }

  @Test
  void shouldRefuseTheCheckpointOfAnotherLog() throws IOException {
    Checkpoint checkpoint = checkpoint();
    Files.write(
        file("checkpoint"),
        new Checkpoint("ledger.example/1", SIZE, checkpoint.root())
            .sign(Instant.EPOCH, signers)
            .toByteArray());

    assertThatThrownBy(() -> check(Optional.empty())).isInstanceOf(LogTampered.class);
  }

  // ---- the log

  private LogCheck.Verified check(Optional<Checkpoint> older) {
    return LogCheck.run(new DirectoryLog(directory), keys, older, done -> {});
  }

  private Checkpoint checkpoint() throws IOException {
    return LogCheck.checkpoint(Files.readAllBytes(file("checkpoint")), keys).checkpoint();
  }

  private void publish(List<byte[]> entries) throws IOException {
    try (Stream<Path> old = Files.walk(directory)) {
      for (Path file : old.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    TreeHasher hasher = new TreeHasher();
    TileWriter tree = new TileWriter(this::publishTile);
    entries.forEach(entry -> tree.append(hasher.leaf(entry)));
    tree.flush();
    for (int from = 0; from < entries.size(); from += Tile.FULL) {
      publishTile(
          Tile.entriesAt(from >> Tile.HEIGHT, entries.size()),
          EntryBundle.format(entries.subList(from, Math.min(from + Tile.FULL, entries.size()))));
    }
    Files.write(
        file("checkpoint"),
        new Checkpoint(ORIGIN, entries.size(), tree.root())
            .sign(Instant.EPOCH, signers)
            .toByteArray());
  }

  private void publishTile(Tile tile, byte[] bytes) {
    try {
      Path path = file(tile.path());
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path file(String path) {
    return directory.resolve(path);
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).toList().stream();
    }
  }
}
