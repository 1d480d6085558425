package com.credlink.ledger.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.LogRecord.Header;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.ProofException;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.Policy;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.TlogProof;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogTampered;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log that a real broker holds, copied and changed in hundreds of ways that a seed decides: every
 * change must be found and named, by whoever has the published tiles and by whoever has not.
 */
class MutationTest {

  /** A full tile and a partial one, so a tree of two levels. */
  private static final int SIZE = 400;

  /** Of each kind. */
  private static final int MUTATIONS = 25;

  @TempDir private static Path directory;
  private static RealLog log;
  private static LogCopy intact;
  private static List<byte[]> entries;
  private static SignedNote newest;

  private final Random random = new Random(20_261_126);
  private int found;

  /** How a copy is changed; gives the first offset that is wrong then, where there is one. */
  private interface Mutation {
    Changed change();
  }

  /**
   * A changed copy.
   *
   * @param offset the first that is wrong; none where the change is not in a record
   */
  private record Changed(LogCopy copy, Optional<Integer> offset) {}

  @BeforeAll
  static void makeTheLog() throws Exception {
    log = RealLog.of(directory, SIZE, 7);
    EntryHasher hasher = new EntryHasher(log.schemas);
    List<LogRecord> records = log.records(Topics.EVENTS);
    log.sign(records, hasher);
    entries = records.stream().map(record -> hasher.entry(record.key(), record.value())).toList();
    List<LogRecord> checkpoints = log.records(Topics.CHECKPOINTS);
    newest = SignedNote.parse(checkpoints.getLast().value());
    intact =
        new LogCopy(
            records,
            checkpoints,
            Optional.of(MemoryTiles.over(entries, newest.toByteArray())),
            log.schemas,
            List.of());
  }

  @AfterAll
  static void close() {
    log.close();
  }

  @Test
  void shouldHoldForTheLogAsItIs() {
    for (LogCopy copy : List.of(intact, intact.unpublished())) {
      RecordCheck.Verified verified = copy.verify(log.catalogue, log.keys());

      assertThat(verified.size()).isEqualTo(SIZE);
      assertThat(verified.signed()).isEqualTo(SIZE);
      assertThat(verified.root()).isEqualTo(checkpoint(newest).root());
      assertThat(verified.checkpoints()).isEqualTo(intact.checkpoints().size()).isGreaterThan(10);
      assertThat(verified.opaque()).isZero();
    }
  }

  @Test
  void shouldFindEachBitOfARecord() {
    tryAll("key", () -> at(r -> with(r, flip(r.key()), r.value())));
    tryAll("value", () -> at(r -> with(r, r.key(), flip(r.value()))));
    tryAll("timestamp", () -> at(r -> with(r, r.timestamp() ^ 1L << random.nextInt(63))));
    tryAll("header's value", () -> at(r -> with(r, changedHeader(r, false))));
    tryAll("header's name", () -> at(r -> with(r, changedHeader(r, true))));
    tryAll("header taken away", () -> at(r -> with(r, r.headers().subList(1, r.headers().size()))));
    tryAll("header added", () -> at(r -> with(r, added(r.headers()))));
    tryAll("offset", () -> at(r -> moved(r, r.position().offset() ^ 1L << random.nextInt(20))));
    assertThat(found).isEqualTo(8 * 2 * MUTATIONS);
  }

  @Test
  void shouldFindRecordsThatWereMovedOrAreGone() {
    tryAll("two records swapped", this::swapped);
    tryAll("a record taken out", this::takenOut);
    tryAll("a record put in twice", this::doubled);
    tryAll("the tail cut off", this::cutOff);
    assertThat(found).isEqualTo(4 * 2 * MUTATIONS);
  }

  @Test
  void shouldFindEachBitOfACheckpointAndOneThatIsGoneOrMoved() {
    tryAll("bit of a checkpoint", () -> checkpoint(r -> with(r, r.key(), flip(r.value()))));
    tryAll("bit of a checkpoint's key", () -> checkpoint(r -> with(r, flip(r.key()), r.value())));
    tryAll("a checkpoint taken out", this::checkpointTakenOut);
    tryAll("two checkpoints swapped", this::checkpointsSwapped);
    for (int i = 0; i < MUTATIONS; i++) {
      MemoryTiles served = intact.tiles().orElseThrow().with(flip(newest.toByteArray()));
      requireFound(
          "the served checkpoint", new Changed(intact.withTiles(served), Optional.empty()));
    }
    assertThat(found).isEqualTo((4 * 2 + 1) * MUTATIONS);
  }

  @Test
  void shouldFindEachBitOfATile() {
    MemoryTiles tiles = intact.tiles().orElseThrow();
    for (Tile tile : tiles.tiles()) {
      for (int i = 0; i < MUTATIONS; i++) {
        int bit = random.nextInt(tiles.bits(tile));
        Optional<Integer> leaf =
            tile.level() == 0
                ? Optional.of((int) (tile.index() << Tile.HEIGHT) + bit / Byte.SIZE / Hash.LENGTH)
                : Optional.empty();
        requireFound(
            "bit of " + tile.path(), new Changed(intact.withTiles(tiles.flipped(tile, bit)), leaf));
      }
    }
    assertThat(found).isEqualTo(3 * MUTATIONS);
  }

  @Test
  void shouldFindASchemaThatWasExchangedBehindItsId() {
    for (int id = 1; id <= log.schemas.size(); id++) {
      int wanted = id;
      int first =
          IntStream.range(0, SIZE)
              .filter(i -> intact.records().get(i).value()[4] == wanted)
              .findFirst()
              .orElseThrow();
      for (Schema other : others(log.schemas.byId(id))) {
        LogCopy changed = intact.withSchemas(log.schemas.exchanged(id, other));
        requireFound("schema", new Changed(changed, Optional.of(first)));
        requireFound("schema", new Changed(changed.unpublished(), Optional.of(first)));
      }
    }
    assertThat(found).isEqualTo(3 * 2 * 2);
  }

  /** Without the keys of the log, whoever makes the tree anew has no signature for it. */
  @Test
  void shouldFindAReplacedEventWhoseTreeWasMadeAnewWithoutTheKeys() {
    for (int i = 0; i < MUTATIONS; i++) {
      int index = random.nextInt(SIZE);
      LogCopy forged = forged(index);
      List<LogRecord> heads = new ArrayList<>();
      for (LogRecord stored : intact.checkpoints()) {
        SignedNote note = SignedNote.parse(stored.value());
        Frontier tree = tree(forged, checkpoint(note).size());
        String text = new Checkpoint(RealLog.origin(), tree.size(), tree.root()).text();
        heads.add(
            with(stored, stored.key(), new SignedNote(text, note.signatures()).toByteArray()));
      }
      LogCopy served =
          forged
              .withCheckpoints(heads)
              .withTiles(MemoryTiles.over(entriesOf(forged), heads.getLast().value()));

      requireFound("a forged tree", new Changed(served, Optional.empty()));
      requireFound("a forged tree", new Changed(served.unpublished(), Optional.empty()));
    }
    assertThat(found).isEqualTo(2 * MUTATIONS);
  }

  /** With the keys, only what somebody else has kept convicts the owner of the log. */
  @Test
  void shouldFindAReplacedEventWhoseTreeWasSignedAnewByTheOwner() {
    for (int i = 0; i < MUTATIONS; i++) {
      int index = random.nextInt(SIZE);
      LogCopy forged = forged(index);
      List<LogRecord> heads = new ArrayList<>();
      for (LogRecord stored : intact.checkpoints()) {
        long size = checkpoint(SignedNote.parse(stored.value())).size();
        heads.add(with(stored, stored.key(), log.signed(tree(forged, size)).toByteArray()));
      }
      LogCopy resigned =
          forged
              .withCheckpoints(heads)
              .withTiles(MemoryTiles.over(entriesOf(forged), heads.getLast().value()));

      assertThat(resigned.verify(log.catalogue, log.keys()).size()).isEqualTo(SIZE);
      requireFound(
          "another history", new Changed(resigned.keeping(checkpoint(newest)), Optional.empty()));
    }
    assertThat(found).isEqualTo(MUTATIONS);
  }

  @Test
  void shouldFindEachBitOfAProof() {
    TileTree tree = new TileTree(intact.tiles().orElseThrow());
    List<VerifierKey> keys = log.keys();
    Policy both =
        Policy.parse(
            "log %s\nwitness pq %s\nquorum pq\n"
                .formatted(keys.getFirst().format(), keys.getLast().format())
                .getBytes(UTF_8));
    TreeHasher hasher = new TreeHasher();
    for (int i = 0; i < 4 * MUTATIONS; i++) {
      int index = random.nextInt(SIZE);
      Hash leaf = hasher.leaf(entries.get(index));
      byte[] file = TlogProof.of(tree.inclusion(index, SIZE), newest).toByteArray();
      assertThat(TlogProof.parse(file).verify(leaf, both).checkpoint().size()).isEqualTo(SIZE);

      byte[] changed = flip(file);

      assertThatThrownBy(() -> TlogProof.parse(changed).verify(leaf, both))
          .isInstanceOfAny(NoteException.class, ProofException.class);
    }
  }

  @Test
  void shouldFindARowThatDoesNotFollowFromItsBytes() {
    List<String> rows = rows();
    assertThat(check(rows).count()).isEqualTo(SIZE);
    Set<String> named = new java.util.TreeSet<>();
    for (int i = 0; i < 8 * MUTATIONS; i++) {
      int index = random.nextInt(SIZE);
      List<String> changed = new ArrayList<>(rows);
      char[] row = rows.get(index).toCharArray();
      int place = random.nextInt(row.length);
      row[place] ^= (char) (1 << random.nextInt(5));
      changed.set(index, new String(row));

      LogTampered fault = catchThrowableOfType(LogTampered.class, () -> check(changed));

      assertThat(fault).as("row %d: %s", index, changed.get(index)).isNotNull();
      assertThat(fault).hasMessageContaining("row ");
      named.add(fault.getMessage().replaceAll("[0-9]+", "n"));
    }
    assertThat(named).as("faults of several kinds").hasSizeGreaterThan(8);
  }

  @Test
  void shouldRefuseRowsOutOfOrderAndRowsOfNoRecord() {
    List<String> rows = rows();
    List<String> swapped = new ArrayList<>(rows);
    swapped.set(3, rows.get(9));
    swapped.set(9, rows.get(3));
    assertThatThrownBy(() -> check(swapped)).hasMessageContaining("row 5 (0:4)");

    List<String> more = new ArrayList<>(rows);
    more.add(rows.getLast().replace("\"offset\":399", "\"offset\":400"));
    assertThatThrownBy(() -> check(more)).hasMessageContaining("the log has no such record");

    RowCheck fewer = check(rows.subList(1, SIZE));
    assertThat(fewer.digest().hash()).isNotEqualTo(check(rows).digest().hash());
  }

  // ---- changes

  private Changed at(java.util.function.UnaryOperator<LogRecord> change) {
    int index = random.nextInt(SIZE);
    return new Changed(intact.withRecord(index, change), Optional.of(index));
  }

  private Changed checkpoint(java.util.function.UnaryOperator<LogRecord> change) {
    int index = random.nextInt(intact.checkpoints().size());
    return new Changed(intact.withCheckpoint(index, change), Optional.empty());
  }

  /** The contents of two places are exchanged; each place keeps its offset. */
  private Changed swapped() {
    int first = random.nextInt(SIZE - 1);
    int second = first + 1 + random.nextInt(SIZE - 1 - first);
    List<LogRecord> records = new ArrayList<>(intact.records());
    records.set(first, moved(intact.records().get(second), first));
    records.set(second, moved(intact.records().get(first), second));
    return new Changed(intact.withRecords(records), Optional.of(first));
  }

  private Changed takenOut() {
    int index = random.nextInt(SIZE);
    List<LogRecord> records = new ArrayList<>(intact.records());
    records.remove(index);
    return new Changed(intact.withRecords(numbered(records)), Optional.of(index));
  }

  private Changed doubled() {
    int index = random.nextInt(SIZE - 1);
    List<LogRecord> records = new ArrayList<>(intact.records());
    records.add(index, intact.records().get(index));
    return new Changed(intact.withRecords(numbered(records)), Optional.of(index + 1));
  }

  private Changed cutOff() {
    int size = random.nextInt(SIZE);
    return new Changed(intact.withRecords(intact.records().subList(0, size)), Optional.of(size));
  }

  private Changed checkpointTakenOut() {
    List<LogRecord> checkpoints = new ArrayList<>(intact.checkpoints());
    checkpoints.remove(random.nextInt(checkpoints.size() - 1));
    return new Changed(intact.withCheckpoints(checkpoints), Optional.empty());
  }

  private Changed checkpointsSwapped() {
    List<LogRecord> checkpoints = new ArrayList<>(intact.checkpoints());
    int first = random.nextInt(checkpoints.size() - 1);
    LogRecord second = checkpoints.get(first + 1);
    checkpoints.set(first + 1, moved(checkpoints.get(first), first + 1));
    checkpoints.set(first, moved(second, first));
    return new Changed(intact.withCheckpoints(checkpoints), Optional.empty());
  }

  /** Another event of the same tenant in the place of one, with all that belongs to it. */
  private LogCopy forged(int index) {
    LogRecord there = intact.records().get(index);
    LogRecord other =
        intact.records().stream()
            .filter(record -> !record.position().equals(there.position()))
            .filter(record -> Arrays.equals(record.key(), there.key()))
            .findFirst()
            .orElseThrow();
    return intact.withRecord(index, record -> moved(other, index));
  }

  private static List<Schema> others(Schema schema) {
    Schema renamed =
        new Schema.Parser()
            .parse(schema.toString().replace("\"" + schema.getName() + "\"", "\"Other\""));
    Schema unlike = SchemaBuilder.record(schema.getName()).fields().requiredString("x").endRecord();
    return List.of(renamed, unlike);
  }

  private static List<LogRecord> numbered(List<LogRecord> records) {
    return IntStream.range(0, records.size()).mapToObj(i -> moved(records.get(i), i)).toList();
  }

  private static LogRecord moved(LogRecord record, long offset) {
    return new LogRecord(
        new Position(0, offset),
        record.key(),
        record.value(),
        record.timestamp(),
        record.headers());
  }

  private static LogRecord with(LogRecord record, byte[] key, byte[] value) {
    return new LogRecord(record.position(), key, value, record.timestamp(), record.headers());
  }

  private static LogRecord with(LogRecord record, long timestamp) {
    return new LogRecord(
        record.position(), record.key(), record.value(), timestamp, record.headers());
  }

  private static LogRecord with(LogRecord record, List<Header> headers) {
    return new LogRecord(
        record.position(), record.key(), record.value(), record.timestamp(), headers);
  }

  private List<Header> changedHeader(LogRecord record, boolean name) {
    List<Header> headers = new ArrayList<>(record.headers());
    int place = random.nextInt(headers.size());
    Header header = headers.get(place);
    headers.set(
        place,
        name
            ? new Header(new String(flip(header.name().getBytes(UTF_8)), UTF_8), header.value())
            : new Header(header.name(), Bytes.wrap(flip(header.value().toArray()))));
    return headers;
  }

  private static List<Header> added(List<Header> headers) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header("x", Bytes.EMPTY));
    return more;
  }

  private byte[] flip(byte[] bytes) {
    byte[] changed = bytes.clone();
    int bit = random.nextInt(bytes.length * Byte.SIZE);
    changed[bit >>> 3] ^= (byte) (1 << (bit & 7));
    return changed;
  }

  // ---- what must be found

  private void tryAll(String what, Mutation mutation) {
    for (int i = 0; i < MUTATIONS; i++) {
      Changed changed = mutation.change();
      requireFound(what, changed);
      requireFound(what, new Changed(changed.copy().unpublished(), changed.offset()));
    }
  }

  /**
   * With tiles the fault is at the very offset; without, it is at most as far before it as the
   * checkpoint before, and the message says up to where it may be.
   */
  private void requireFound(String what, Changed changed) {
    LogTampered fault =
        catchThrowableOfType(
            LogTampered.class, () -> changed.copy().verify(log.catalogue, log.keys()));

    assertThat(fault).as("%s at %s", what, changed.offset()).isNotNull();
    found++;
    if (changed.offset().isEmpty()) {
      return;
    }
    long offset = changed.offset().get();
    assertThat(fault.index()).as("%s at %d: %s", what, offset, fault.getMessage()).isPresent();
    if (fault.getMessage().contains("or one up to")) {
      assertThat(changed.copy().tiles()).as(fault.getMessage()).isEmpty();
      assertThat(fault.index().getAsLong()).isLessThanOrEqualTo(offset);
    } else {
      assertThat(fault.index()).as("%s: %s", what, fault.getMessage()).hasValue(offset);
    }
  }

  private static Checkpoint checkpoint(SignedNote note) {
    return Checkpoint.parse(note.text());
  }

  private static List<byte[]> entriesOf(LogCopy copy) {
    EntryHasher hasher = new EntryHasher(copy.schemas());
    return copy.records().stream()
        .map(record -> hasher.entry(record.key(), record.value()))
        .toList();
  }

  private static Frontier tree(LogCopy copy, long size) {
    Frontier tree = new Frontier();
    entriesOf(copy).stream().limit(size).forEach(tree::appendEntry);
    return tree;
  }

  // ---- rows

  private static List<String> rows() {
    RecordRow rows = new RecordRow(log.serde);
    return IntStream.range(0, SIZE)
        .mapToObj(i -> rows.of(intact.records().get(i), entries.get(i)).toString())
        .toList();
  }

  private static RowCheck check(List<String> rows) {
    RowCheck check =
        new RowCheck(
            new BufferedReader(new StringReader(String.join("\n", rows))),
            new EntryHasher(log.schemas),
            new RecordRow(log.serde));
    intact.verify(log.catalogue, log.keys(), check);
    check.finish();
    return check;
  }
}
