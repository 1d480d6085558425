package com.credlink.ledger.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.verify.RecordLog.Records;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every checkpoint that was stored for a partition, met one after the other while its tree grows
 * again: each must be signed, none may be smaller than the one before, and each must have the root
 * that the tree has at its size. Where a log was ended, what was signed of it beyond what was kept
 * is passed over: that loss is stated.
 */
final class StoredCheckpoints implements AutoCloseable {

  private final Records records;
  private final LogOrigin now;
  private final EndedLogs ended;
  private final CheckpointKeys keys;
  private long expected;
  private Optional<Stored> read = Optional.empty();
  private Optional<Stored> next = Optional.empty();
  private Optional<Checkpoint> last = Optional.empty();

  /** At this size all was as it was signed. */
  private long held;

  private long count;

  /** A record of the topic. */
  private record Stored(LogOrigin origin, Checkpoint checkpoint, byte[] note) {}

  /**
   * The checkpoints of {@code log}, or those that an earlier pass has not met.
   *
   * @param now the log that grows now
   * @param ended those that were ended before it
   */
  StoredCheckpoints(
      RecordLog log,
      Optional<CheckState> resumed,
      LogOrigin now,
      EndedLogs ended,
      CheckpointKeys keys) {
    this.held = resumed.map(CheckState::size).orElse(0L);
    this.expected = resumed.map(CheckState::nextCheckpoint).orElseGet(log::start);
    this.records = log.read(expected, Math.max(expected, log.end()));
    this.now = now;
    this.ended = ended;
    this.keys = keys;
    advance();
  }

  /** The next checkpoint; none once all were met. */
  Optional<Checkpoint> next() {
    return next.map(Stored::checkpoint);
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
   * Checks the newest of all that were read, once all were met.
   *
   * @throws LogTampered if a key that is demanded has not signed it
   */
  void requireNewestSigned() {
    read.ifPresent(newest -> keys.newest(newest.note()));
  }

  /**
   * The tree has grown to {@code size}.
   *
   * @return why a checkpoint of that size is not met; empty if there is none or all are
   */
  Optional<LogTampered> grown(long size, Supplier<Hash> root) {
    while (next.isPresent() && next.get().checkpoint().size() == size) {
      Checkpoint met = next.get().checkpoint();
      if (!met.root().equals(root.get())) {
        return Optional.of(anotherRoot(met, root.get()));
      }
      last = Optional.of(met);
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
    next = Optional.empty();
    try {
      while (next.isEmpty() && records.hasNext()) {
        Stored stored = read(records.next());
        read = Optional.of(stored);
        next = Optional.of(stored).filter(this::isKept);
      }
    } catch (IntegrityFault e) {
      throw new LogTampered("%s: %s".formatted(Topics.CHECKPOINTS, e.getMessage()));
    }
  }

  private boolean isKept(Stored stored) {
    return ended
        .of(stored.origin())
        .filter(seal -> stored.checkpoint().size() > seal.kept().size())
        .isEmpty();
  }

  private Stored read(LogRecord record) {
    long offset = record.position().offset();
    if (offset != expected) {
      throw fault(expected, "it is not there: the next is " + offset);
    }
    expected++;
    Stored stored;
    try {
      Checkpoint checkpoint = keys.any(record.value());
      stored = new Stored(origin(checkpoint), checkpoint, record.value());
    } catch (LogTampered | IllegalArgumentException e) {
      throw fault(offset, e.getMessage());
    }
    if (!Arrays.equals(record.key(), stored.checkpoint().origin().getBytes(UTF_8))) {
      throw fault(offset, "its key is not the name of its log");
    }
    boolean first = read.filter(before -> before.origin().equals(stored.origin())).isEmpty();
    if (first && read.isPresent()) {
      requireEnded(read.get(), stored, offset);
    } else if (!first) {
      requireGrown(read.get().checkpoint(), stored.checkpoint(), offset);
    }
    if (!record.headers().isEmpty() && !(first && stored.origin().generation() > 1)) {
      throw fault(offset, "it has headers, which only the first of another log's successor has");
    }
    return stored;
  }

  /** The log that a checkpoint is of, if it is one of this partition's. */
  private LogOrigin origin(Checkpoint checkpoint) {
    LogOrigin origin = LogOrigin.parse(checkpoint.origin(), now.partition());
    if (!origin.ledger().equals(now.ledger()) || origin.generation() > now.generation()) {
      throw new IllegalArgumentException("it is not of the log '%s'".formatted(now));
    }
    return origin;
  }

  private void requireGrown(Checkpoint before, Checkpoint checkpoint, long offset) {
    if (checkpoint.size() < before.size()) {
      throw fault(
          offset,
          "its size is %d, and the one before has %d".formatted(checkpoint.size(), before.size()));
    }
  }

  /** Between two logs stands the statement that the first one was ended, as it was signed last. */
  private void requireEnded(Stored before, Stored first, long offset) {
    LogSeal seal =
        ended
            .of(before.origin())
            .filter(_ -> first.origin().equals(before.origin().successor()))
            .orElseThrow(
                () ->
                    fault(
                        offset,
                        "it is of the log '%s', and the one before of '%s', which was not ended"
                            .formatted(first.origin(), before.origin())));
    if (!seal.signed().equals(before.checkpoint())) {
      throw fault(
          offset,
          "the log '%s' is stated to have been signed last at size %d, and was at size %d"
              .formatted(before.origin(), seal.signed().size(), before.checkpoint().size()));
    }
  }

  private static LogTampered fault(long offset, String what) {
    return new LogTampered("checkpoint %d of %s: %s".formatted(offset, Topics.CHECKPOINTS, what));
  }

  @Override
  public void close() {
    records.close();
  }
}
