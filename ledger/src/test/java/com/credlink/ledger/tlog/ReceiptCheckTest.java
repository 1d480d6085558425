package com.credlink.ledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Ed25519Keys;
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
import com.credlink.ledger.tlog.ReceiptCheck.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptCheckTest {

  private static final String ORIGIN = "ledger.example/0";
  private static final Instant TIME = Instant.parse("2026-11-23T09:00:00Z");
  private static final Instant DUE = TIME.plusSeconds(60);
  private static final NoteSigner SIGNER =
      LocalNoteSigner.ed25519(ORIGIN, Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]));

  private final Map<String, byte[]> files = new HashMap<>();

  private final TiledLog log =
      new TiledLog() {
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 299})
  void shouldFindTheRecordInItsPlace(int index) {
    publish(300);

    assertThat(check(receipt(index, entry(index)), DUE)).isInstanceOf(ReceiptCheck.Kept.class);
  }

  @Test
  void shouldSayThatAnotherRecordStandsInItsPlace() {
    publish(300);

    Outcome outcome = check(receipt(7, entry(8)), TIME);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            ReceiptCheck.Replaced.class,
            replaced -> assertThat(replaced.found()).isEqualTo(Hash.of(entry(7))));
  }

  @Test
  void shouldTellWhatIsMissingFromWhatIsNotDueYet() {
    publish(300);
    Receipt next = receipt(300, entry(300));

    assertThat(check(next, TIME)).isInstanceOf(ReceiptCheck.NotDue.class);
    assertThat(check(next, DUE.minusNanos(1))).isInstanceOf(ReceiptCheck.NotDue.class);
    assertThat(check(next, DUE)).isInstanceOf(ReceiptCheck.Missing.class);
    assertThat(check(receipt(299, entry(299)), DUE)).isInstanceOf(ReceiptCheck.Kept.class);
  }

  @Test
  void shouldTakeTheFullBundleWhereThePartialOneIsGone() {
    publish(256);
    byte[] full = files.get("tile/entries/000");
    byte[] hashes = files.get("tile/0/000");
    files.clear();
    publish(200);
    files.remove("tile/entries/000.p/200");
    files.remove("tile/0/000.p/200");
    files.put("tile/entries/000", full);
    files.put("tile/0/000", hashes);

    assertThat(check(receipt(199, entry(199)), DUE)).isInstanceOf(ReceiptCheck.Kept.class);
  }

  /** A log that shows the record to whoever asks for it, and has signed another one. */
  @Test
  void shouldNotBelieveAnEntryThatWasNotSigned() {
    publish(300);
    byte[] bundle = files.get("tile/entries/000");
    bundle[2 + 7 * 34] ^= 1;
    byte[] shown = entry(7);
    shown[0] ^= 1;

    assertThatThrownBy(() -> check(receipt(7, shown), DUE))
        .isInstanceOf(LogTampered.class)
        .hasMessageStartingWith("entry 7: it is not what the checkpoint was signed for");

    files.remove("tile/entries/000");
    assertThatThrownBy(() -> check(receipt(7, shown), DUE))
        .isInstanceOf(LogTampered.class)
        .hasMessage("entry 7: 'tile/entries/000' is missing");
    files.put("tile/entries/000", new byte[] {0});
    assertThatThrownBy(() -> check(receipt(7, shown), DUE))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("not a bundle");
  }

  @Test
  void shouldNotBelieveACheckpointOfAnybodyElse() {
    publish(300);
    NoteSigner other =
        LocalNoteSigner.ed25519(ORIGIN, Ed25519Keys.signer("0".repeat(32).getBytes(UTF_8)));

    assertThatThrownBy(() -> ReceiptCheck.run(receipt(7, entry(7)), log, List.of(other.key()), DUE))
        .isInstanceOf(LogTampered.class);
  }

  private Outcome check(Receipt receipt, Instant now) {
    return ReceiptCheck.run(receipt, log, List.of(SIGNER.key()), now);
  }

  private static Receipt receipt(long index, byte[] entry) {
    return new Receipt(
        "ledger.example", "an-event", Hash.of(entry), new Position(0, index), TIME, DUE);
  }

  private static byte[] entry(int index) {
    return "%032d".formatted(index).getBytes(UTF_8);
  }

  private void publish(int size) {
    TileWriter tree = new TileWriter((tile, hashes) -> files.put(tile.path(), hashes));
    TreeHasher hasher = new TreeHasher();
    List<byte[]> entries = IntStream.range(0, size).mapToObj(ReceiptCheckTest::entry).toList();
    entries.forEach(entry -> tree.append(hasher.leaf(entry)));
    tree.flush();
    for (int from = 0; from < size; from += Tile.FULL) {
      files.put(
          Tile.entriesAt(from / Tile.FULL, size).path(),
          EntryBundle.format(entries.subList(from, Math.min(size, from + Tile.FULL))));
    }
    files.put(
        "checkpoint",
        new Checkpoint(ORIGIN, size, tree.root()).sign(TIME, List.of(SIGNER)).toByteArray());
  }
}
