package com.credlink.ledger.verify;

import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.verify.RecordLog.Records;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The logs of a partition that were ended after a loss, each with what its owner has stated of it.
 * Of what was signed under their names, only as much as was kept can still be met.
 */
final class EndedLogs {

  private final Map<LogOrigin, LogSeal> seals = new HashMap<>();
  private final List<SealedLog> all;

  private EndedLogs(List<SealedLog> all) {
    this.all = all;
    all.forEach(ended -> seals.put(ended.seal().origin(), ended.seal()));
  }

  /**
   * Reads the statements.
   *
   * @param now the log that grows now
   * @throws LogTampered if one is missing, is not signed, or is of another log
   */
  static EndedLogs read(RecordLog checkpoints, LogOrigin now, CheckpointKeys keys) {
    if (now.generation() == 1) {
      return new EndedLogs(List.of());
    }
    try {
      List<SealedLog> all =
          SealedLog.of(
              offset -> record(checkpoints, offset), checkpoints.start(), checkpoints.end(), now);
      LogOrigin expected = LogOrigin.first(now.ledger(), now.partition());
      for (SealedLog ended : all) {
        requireStated(ended, expected, keys);
        expected = expected.successor();
      }
      return new EndedLogs(all);
    } catch (NoteException | IllegalArgumentException e) {
      throw new LogTampered("%s: %s".formatted(Topics.CHECKPOINTS, e.getMessage()));
    }
  }

  private static void requireStated(SealedLog ended, LogOrigin expected, CheckpointKeys keys) {
    LogSeal seal = ended.seal();
    if (!seal.origin().equals(expected)) {
      throw new LogTampered(
          "where '%s' should be stated to have ended, '%s' is".formatted(expected, seal.origin()));
    }
    keys.requireStated(ended.statement(), expected.toString());
    Checkpoint kept =
        ended.last().map(last -> keys.any(last.note().toByteArray())).orElse(seal.kept());
    if (!kept.equals(seal.kept()) || (ended.last().isEmpty() && seal.kept().size() > 0)) {
      throw new LogTampered(
          "'%s' is stated to have kept %d records, and the checkpoint beside that is another"
              .formatted(expected, seal.kept().size()));
    }
  }

  private static LogRecord record(RecordLog checkpoints, long offset) {
    try (Records one = checkpoints.read(offset, offset + 1)) {
      if (one.hasNext()) {
        return one.next();
      }
    }
    throw new LogTampered(
        "checkpoint %d of %s: it is not there".formatted(offset, Topics.CHECKPOINTS));
  }

  /** What was stated of a log; empty if it was not ended. */
  Optional<LogSeal> of(LogOrigin origin) {
    return Optional.ofNullable(seals.get(origin));
  }

  /** All statements, the oldest log's first. */
  List<LogSeal> seals() {
    return all.stream().map(SealedLog::seal).toList();
  }
}
