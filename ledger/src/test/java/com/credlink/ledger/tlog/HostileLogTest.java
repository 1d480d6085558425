package com.credlink.ledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.MerkleFormatException;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.Fuzz;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.sign.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Logs that answer with anything: they are found out, and break nothing. */
class HostileLogTest {

  private static final String ORIGIN = "ledger.example/0";
  private static final int SIZE = 300;
  private static final Instant TIME = Instant.parse("2026-11-23T09:00:00Z");
  private static final NoteSigner SIGNER =
      LocalNoteSigner.ed25519(ORIGIN, Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]));
  private static final List<byte[]> ENTRIES =
      IntStream.range(0, SIZE).mapToObj(i -> "%032d".formatted(i).getBytes(UTF_8)).toList();
  private static final Map<String, byte[]> GENUINE = published();

  @Property(tries = 1000)
  void shouldFindAnyDamage(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> paths = new ArrayList<>(GENUINE.keySet());
    String path = paths.get(random.nextInt(paths.size()));
    byte[] damaged = Fuzz.damaged(GENUINE.get(path), random);

    shouldBeFoundOut(path, damaged);
  }

  @Property(tries = 500)
  void shouldFindAnythingElse(@ForAll @Size(max = 300) byte[] anything, @ForAll long seed) {
    List<String> paths = new ArrayList<>(GENUINE.keySet());
    String path = paths.get(new Random(seed).nextInt(paths.size()));

    shouldBeFoundOut(path, anything);
  }

  private static void shouldBeFoundOut(String path, byte[] answer) {
    Map<String, byte[]> files = new TreeMap<>(GENUINE);
    files.put(path, answer);
    TiledLog log = log(files);

    Throwable whole =
        catchThrowable(
            () -> LogCheck.run(log, List.of(SIGNER.key()), Optional.empty(), done -> {}));
    Throwable one =
        catchThrowable(() -> assertThat(check(log)).isInstanceOf(ReceiptCheck.Kept.class));

    if (Arrays.equals(answer, GENUINE.get(path))) {
      assertThat(whole).isNull();
    } else {
      assertThat(whole).as(path).isInstanceOf(LogTampered.class);
    }
    // What the one proof does not need may be anything.
    if (one != null) {
      assertThat(one).as(path).isInstanceOf(LogTampered.class);
    }
  }

  @Property(tries = 1000)
  void shouldRefuseOrReadBackADamagedBundle(@ForAll long seed) {
    byte[] bundle = Fuzz.damaged(GENUINE.get("tile/entries/000"), new Random(seed));
    try {
      assertThat(EntryBundle.format(EntryBundle.parse(bundle, Tile.FULL))).isEqualTo(bundle);
    } catch (MerkleFormatException e) {
      assertThat(e).hasMessageStartingWith("not a bundle: ");
    }
  }

  private static ReceiptCheck.Outcome check(TiledLog log) {
    Receipt receipt =
        new Receipt("ledger.example", "e", Hash.of(ENTRIES.get(7)), new Position(0, 7), TIME, TIME);
    return ReceiptCheck.run(receipt, log, List.of(SIGNER.key()), TIME);
  }

  private static TiledLog log(Map<String, byte[]> files) {
    return new TiledLog() {
      @Override
      public byte[] checkpoint() {
        return files.get("checkpoint");
      }

      @Override
      public Optional<byte[]> read(Tile tile) {
        return Optional.ofNullable(files.get(tile.path()));
      }

      @Override
      public String place() {
        return "memory";
      }
    };
  }

  private static Map<String, byte[]> published() {
    Map<String, byte[]> files = new TreeMap<>();
    TileWriter tree = new TileWriter((tile, hashes) -> files.put(tile.path(), hashes));
    TreeHasher hasher = new TreeHasher();
    ENTRIES.forEach(entry -> tree.append(hasher.leaf(entry)));
    tree.flush();
    for (int from = 0; from < SIZE; from += Tile.FULL) {
      files.put(
          Tile.entriesAt(from / Tile.FULL, SIZE).path(),
          EntryBundle.format(ENTRIES.subList(from, Math.min(SIZE, from + Tile.FULL))));
    }
    files.put(
        "checkpoint",
        new Checkpoint(ORIGIN, SIZE, tree.root()).sign(TIME, List.of(SIGNER)).toByteArray());
    return files;
  }
}
