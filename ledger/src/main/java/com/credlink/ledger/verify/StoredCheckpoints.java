package com.credlink.ledger.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogCheck;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.verify.RecordLog.Records;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every checkpoint that was stored for a partition, met one after the other while its tree grows
 * again: each must be signed by all keys, none may be smaller than the one before, and each must
 * have the root that the tree has at its size.
 */
final class StoredCheckpoints implements AutoCloseable {

  private final Records records;
  private final String origin;
  private final List<VerifierKey> keys;
  private long expected;
  private Optional<Checkpoint> next = Optional.empty();
  private Optional<Checkpoint> last = Optional.empty();

  /** At this size all was as it was signed. */
  private long held;

  private long count;

  /**
   * The checkpoints of {@code log}, or those that an earlier pass has not met.
   *
   * @param origin of the log that they must be of
   * @param keys each must have signed
   */
  StoredCheckpoints(
      RecordLog log, Optional<CheckState> resumed, String origin, List<VerifierKey> keys) {
    this.held = resumed.map(CheckState::size).orElse(0L);
    this.expected = resumed.map(CheckState::nextCheckpoint).orElseGet(log::start);
    this.records = log.read(expected, Math.max(expected, log.end()));
    this.origin = origin;
    this.keys = keys;
    advance();
  }

  /** How large the next checkpoint is; none once all were met. */
  Optional<Checkpoint> next() {
    return next;
  }

  /** The newest that was met. */
  Optional<Checkpoint> last() {
    return last;
  }

  /** How many were met. */
  long count() {
    return count;
  }

  /** Where to go on. */
  long nextOffset() {
    return next.isPresent() ? expected - 1 : expected;
  }

  /**
   * The tree has grown to {@code size}.
   *
   * @return why a checkpoint of that size is not met; empty if there is none or all are
   */
  Optional<LogTampered> grown(long size, Supplier<Hash> root) {
    while (next.isPresent() && next.get().size() == size) {
      Checkpoint met = next.get();
      if (!met.root().equals(root.get())) {
        return Optional.of(anotherRoot(met, root.get()));
      }
      last = next;
      held = size;
      count++;
      advance();
    }
    return Optional.empty();
  }

  /** What holds at one checkpoint and not at the next was changed between them. */
  private LogTampered anotherRoot(Checkpoint met, Hash root) {
    if (last.filter(before -> before.size() == met.size()).isPresent()) {
      return new LogTampered(
          "two different trees of %d records were signed: the checkpoints have the roots %s and %s"
              .formatted(met.size(), root.base64(), met.root().base64()));
    }
    long first = Math.min(held, Math.max(0, met.size() - 1));
    String which =
        first + 1 >= met.size() ? "it is" : "it or one up to %d is".formatted(met.size() - 1);
    return new LogTampered(
        first,
        "%s not what was signed: the checkpoint of size %d has the root %s, and the records give %s"
            .formatted(which, met.size(), met.root().base64(), root.base64()));
  }

  private void advance() {
    try {
      next = records.hasNext() ? Optional.of(read(records.next())) : Optional.empty();
    } catch (IntegrityFault e) {
      throw new LogTampered("%s: %s".formatted(Topics.CHECKPOINTS, e.getMessage()));
    }
  }

  private Checkpoint read(LogRecord record) {
    long offset = record.position().offset();
    if (offset != expected) {
      throw fault(expected, "it is not there: the next is " + offset);
    }
    expected++;
    Checkpoint checkpoint;
    try {
      checkpoint = LogCheck.checkpoint(record.value(), keys).checkpoint();
    } catch (LogTampered e) {
      throw fault(offset, e.getMessage());
    }
    if (!checkpoint.origin().equals(origin)
        || !Arrays.equals(record.key(), origin.getBytes(UTF_8))) {
      throw fault(offset, "it is not of the log '%s'".formatted(origin));
    }
    long before = next.or(() -> last).map(Checkpoint::size).orElse(0L);
    if (checkpoint.size() < before) {
      throw fault(
          offset, "its size is %d, and the one before has %d".formatted(checkpoint.size(), before));
    }
    return checkpoint;
  }

  private static LogTampered fault(long offset, String what) {
    return new LogTampered("checkpoint %d of %s: %s".formatted(offset, Topics.CHECKPOINTS, what));
  }

  @Override
  public void close() {
    records.close();
  }
}
