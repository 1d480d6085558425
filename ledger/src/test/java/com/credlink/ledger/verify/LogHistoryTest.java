package com.credlink.ledger.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.LogRecord.Header;
import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogTampered;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs whose keys were replaced, and logs that were ended after a loss and begun anew. */
class LogHistoryTest {

  private static final int SIZE = 60;
  private static final int KEPT = 20;
  private static final int SIGNED = 30;
  private static final LogOrigin FIRST = LogOrigin.parse(RealLog.origin(), 0);
  private static final LogOrigin SECOND = FIRST.successor();

  @TempDir private static Path directory;
  private static RealLog log;
  private static List<LogRecord> records;
  private static final List<Frontier> TREES = new ArrayList<>();
  private static Pair old;
  private static Pair young;
  private static Pair stranger;

  /** Keys under any log's name. */
  private record Pair(KeyPair mlDsa, String seed) {

    static Pair of(int seed) throws GeneralSecurityException {
      return new Pair(
          KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair(),
          "%02x".formatted(seed).repeat(32));
    }

    List<NoteSigner> signers(LogOrigin origin) {
      return List.of(
          LocalNoteSigner.ed25519(origin.toString(), TestKeys.ed25519(seed)),
          LocalNoteSigner.mlDsa44(origin.toString(), mlDsa, new SecureRandom()));
    }

    List<VerifierKey> keys(LogOrigin origin) {
      return signers(origin).stream().map(NoteSigner::key).toList();
    }
  }

  @BeforeAll
  static void makeTheLog() throws Exception {
    log = RealLog.of(directory, SIZE, 11);
    records = log.records(Topics.EVENTS);
    EntryHasher hasher = new EntryHasher(log.schemas);
    for (int size = 0; size <= SIZE; size++) {
      Frontier tree = new Frontier();
      records.stream()
          .limit(size)
          .forEach(record -> tree.appendEntry(hasher.entry(record.key(), record.value())));
      TREES.add(tree);
    }
    old = Pair.of(1);
    young = Pair.of(2);
    stranger = Pair.of(3);
  }

  @AfterAll
  static void close() {
    log.close();
  }

  // ---- keys that were replaced

  @Test
  void shouldHoldWhereKeysWereReplacedForWhoeverKnowsBoth() {
    LogCopy copy =
        copy(List.of(stored(0, 10, old), stored(1, 20, old, young), stored(2, SIZE, young)));

    CheckpointKeys known = new CheckpointKeys(young.keys(FIRST), old.keys(FIRST));

    assertThat(verify(copy, FIRST, known).checkpoints()).isEqualTo(3);
    assertThatThrownBy(() -> verify(copy, FIRST, CheckpointKeys.of(old.keys(FIRST))))
        .as("whoever knows the old keys alone knows nothing of the newest checkpoint")
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("checkpoint 2 of ledger.checkpoints");
  }

  @Test
  void shouldRefuseACheckpointOfKeysThatNobodyKnows() {
    LogCopy copy = copy(List.of(stored(0, 10, stranger), stored(1, SIZE, young)));

    assertThatThrownBy(
            () -> verify(copy, FIRST, new CheckpointKeys(young.keys(FIRST), old.keys(FIRST))))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("checkpoint 0 of ledger.checkpoints");
  }

  @Test
  void shouldDemandBothAlgorithmsOfEveryCheckpoint() {
    SignedNote half =
        new Checkpoint(FIRST.toString(), 10, TREES.get(10).root())
            .sign(Instant.EPOCH, old.signers(FIRST).subList(0, 1));
    LogCopy copy = copy(List.of(record(0, FIRST, half, List.of()), stored(1, SIZE, old)));

    assertThatThrownBy(() -> verify(copy, FIRST, CheckpointKeys.of(old.keys(FIRST))))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("is not signed with ML-DSA-44");
  }

  @Test
  void shouldDemandTheDemandedKeysOfTheNewestCheckpoint() {
    LogCopy copy = copy(List.of(stored(0, 10, young), stored(1, SIZE, old)));

    assertThatThrownBy(
            () -> verify(copy, FIRST, new CheckpointKeys(young.keys(FIRST), old.keys(FIRST))))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("not signed");
  }

  // ---- logs that were ended

  @Test
  void shouldHoldBehindALogThatWasEnded() {
    RecordCheck.Verified verified = verify(ended(seal(), old), SECOND, keys());

    assertThat(verified.size()).isEqualTo(SIZE);
    assertThat(verified.origin()).isEqualTo(SECOND);
    assertThat(verified.ended()).containsExactly(seal());
    assertThat(verified.checkpoints())
        .as("of the ended log one was kept, one is passed over; the successor has two")
        .isEqualTo(3);
  }

  @Test
  void shouldRefuseAnEndThatIsNotStatedByTheLogsKey() {
    assertThatThrownBy(() -> verify(ended(seal(), stranger), SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("the statement that 'ledger.example/0' was ended");
  }

  @Test
  void shouldRefuseAnEndThatIsNotStatedAtAll() {
    LogCopy unstated =
        ended(seal(), old)
            .withCheckpoint(2, record -> with(record, record.headers().subList(1, 2)));

    assertThatThrownBy(() -> verify(unstated, SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("begins without a statement");
  }

  @Test
  void shouldRefuseWhatWasNotSignedLast() {
    LogSeal less = new LogSeal(FIRST, head(KEPT), head(SIGNED - 1), Instant.EPOCH, "a disk");

    assertThatThrownBy(() -> verify(ended(less, old), SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("is stated to have been signed last at size 29, and was at size 30");
  }

  @Test
  void shouldRefuseWhatTheSuccessorDoesNotHave() {
    Checkpoint lie = new Checkpoint(FIRST.toString(), KEPT, TREES.get(KEPT - 1).root());
    LogSeal seal = new LogSeal(FIRST, lie, head(SIGNED), Instant.EPOCH, "a disk");

    assertThatThrownBy(() -> verify(ended(seal, old), SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("the log does not continue it");
  }

  @Test
  void shouldSayWhatIsLostToWhoeverKeptACheckpointOfIt() {
    LogCopy copy = ended(seal(), old);

    assertThat(verify(copy.keeping(head(KEPT)), SECOND, keys()).size()).isEqualTo(SIZE);
    assertThatThrownBy(() -> verify(copy.keeping(head(SIGNED)), SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("was ended at 20 records")
        .hasMessageContaining("a disk");
  }

  @Test
  void shouldRefuseASuccessorOfALogThatWasNotEnded() {
    List<LogRecord> checkpoints = new ArrayList<>(ended(seal(), old).checkpoints());
    checkpoints.add(stored(4, SIZE, old));

    assertThatThrownBy(() -> verify(copy(checkpoints), SECOND, keys()))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("checkpoint 4 of ledger.checkpoints");
  }

  @Test
  void shouldRefuseHeadersWhereThereAreNone() {
    LogCopy copy =
        copy(List.of(stored(0, SIZE, old)))
            .withCheckpoint(0, record -> with(record, List.of(new Header("x", Bytes.EMPTY))));

    assertThatThrownBy(() -> verify(copy, FIRST, CheckpointKeys.of(old.keys(FIRST))))
        .isInstanceOf(LogTampered.class)
        .hasMessageContaining("it has headers");
  }

  // ---- helpers

  private static CheckpointKeys keys() {
    return CheckpointKeys.of(old.keys(SECOND));
  }

  private static LogSeal seal() {
    return new LogSeal(FIRST, head(KEPT), head(SIGNED), Instant.EPOCH, "a disk");
  }

  /** A checkpoint of the first log; what is beyond the kept size has the root of what was lost. */
  private static Checkpoint head(int size) {
    return new Checkpoint(FIRST.toString(), size, TREES.get(size > KEPT ? size - 1 : size).root());
  }

  /** Two checkpoints of the log that was ended, two of its successor. */
  private static LogCopy ended(LogSeal seal, Pair by) {
    SignedNote statement = SignedNote.sign(seal.text(), seal.at(), by.signers(FIRST).subList(0, 1));
    SignedNote kept = seal.kept().sign(Instant.EPOCH, old.signers(FIRST));
    List<Header> headers =
        List.of(
            new Header("ledger-seal", Bytes.wrap(statement.toByteArray())),
            new Header("ledger-sealed-checkpoint", Bytes.wrap(kept.toByteArray())));
    return copy(
        List.of(
            record(0, FIRST, head(KEPT).sign(Instant.EPOCH, old.signers(FIRST)), List.of()),
            record(1, FIRST, head(SIGNED).sign(Instant.EPOCH, old.signers(FIRST)), List.of()),
            record(2, SECOND, note(SECOND, SIZE - 10, old), headers),
            record(3, SECOND, note(SECOND, SIZE, old), List.of())));
  }

  private static RecordCheck.Verified verify(LogCopy copy, LogOrigin origin, CheckpointKeys keys) {
    return copy.verify(log.catalogue, origin, keys, (record, entry) -> {});
  }

  private static LogCopy copy(List<LogRecord> checkpoints) {
    return new LogCopy(records, checkpoints, Optional.empty(), log.schemas, List.of());
  }

  private static LogRecord stored(int offset, int size, Pair... by) {
    return record(offset, FIRST, note(FIRST, size, by), List.of());
  }

  private static SignedNote note(LogOrigin origin, int size, Pair... by) {
    List<NoteSigner> signers = new ArrayList<>();
    for (Pair pair : by) {
      signers.addAll(pair.signers(origin));
    }
    return new Checkpoint(origin.toString(), size, TREES.get(size).root())
        .sign(Instant.EPOCH, signers);
  }

  private static LogRecord record(
      int offset, LogOrigin origin, SignedNote note, List<Header> headers) {
    return new LogRecord(
        new Position(0, offset), origin.toString().getBytes(UTF_8), note.toByteArray(), 0, headers);
  }

  private static LogRecord with(LogRecord record, List<Header> headers) {
    return new LogRecord(
        record.position(), record.key(), record.value(), record.timestamp(), headers);
  }
}
