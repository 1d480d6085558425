package com.credlink.ledger.verify;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.EnvelopeCheck;
import com.credlink.ledger.log.EnvelopeCheck.Outcome;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.TiledLog;
import com.credlink.ledger.verify.RecordLog.Records;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Verifies one partition from its records, in one pass and constant memory: offsets without a gap;
 * key, partition, timestamp and headers as the value says; the entry and leaf of each record; the
 * root at every checkpoint that was ever stored, and their signatures; the tiles that are served;
 * and that nothing which was signed is missing at the end.
 */
public final class RecordCheck {

  private final EntryHasher entries;
  private final EnvelopeCheck envelopes;

  /** A check that finds schemas where {@code entries} and {@code envelopes} find them. */
  public RecordCheck(EntryHasher entries, EnvelopeCheck envelopes) {
    this.entries = entries;
    this.envelopes = envelopes;
  }

  /**
   * What is verified.
   *
   * @param origin the log of the partition that grows now
   * @param keys of its logs
   * @param records of its partition
   * @param checkpoints that were stored for it
   * @param published the log as it is served, where it is
   * @param held further checkpoints, such as one that somebody kept; verified already
   */
  public record Subject(
      LogOrigin origin,
      CheckpointKeys keys,
      RecordLog records,
      RecordLog checkpoints,
      Optional<TiledLog> published,
      List<Checkpoint> held) {
    public Subject {
      held = List.copyOf(held);
    }

    /** The same, whose records must give the root of {@code checkpoint} too. */
    public Subject alsoAt(Checkpoint checkpoint) {
      List<Checkpoint> more = new ArrayList<>(held);
      more.add(checkpoint);
      return new Subject(origin, keys, records, checkpoints, published, more);
    }
  }

  /**
   * What holds.
   *
   * @param size records, all of them as they must be
   * @param root over them
   * @param signed how many of them the newest checkpoint covers
   * @param checkpoints how many were compared
   * @param opaque records that this version does not understand, so that nothing but their leaf was
   *     compared
   * @param tiles whether the published tiles were compared
   * @param ended logs of the partition that were ended after a loss, the oldest first
   */
  public record Verified(
      LogOrigin origin,
      long size,
      Hash root,
      long signed,
      long checkpoints,
      long opaque,
      boolean tiles,
      List<LogSeal> ended) {}

  /** Told of each record that was found to be as it must be. */
  @FunctionalInterface
  public interface Listener {
    /** A record and its entry, which is not to be changed. */
    void record(LogRecord record, byte[] entry);
  }

  /**
   * Verifies.
   *
   * @param resumed where an earlier pass over the same log has come
   * @param listener told of each record
   * @param progress told where the pass is
   * @throws LogTampered at the first thing that does not hold
   * @throws com.credlink.ledger.tlog.LogUnreachable if the published log cannot be asked
   * @throws com.credlink.ledger.log.LogUnavailable if Kafka cannot be asked
   */
  public Verified run(
      Subject subject, Optional<CheckState> resumed, Listener listener, Progress progress) {
    // What is newest is asked first: by the time the end is asked, the log has all of it.
    Optional<Checkpoint> served =
        subject.published().map(log -> subject.keys().newest(log.checkpoint()));
    EndedLogs ended = EndedLogs.read(subject.checkpoints(), subject.origin(), subject.keys());
    try (StoredCheckpoints stored =
        new StoredCheckpoints(
            subject.checkpoints(), resumed, subject.origin(), ended, subject.keys())) {
      return new Pass(subject, resumed, ended, stored, served, listener, progress).run();
    }
  }

  /** One pass over one partition. */
  private final class Pass {
    private final Subject subject;
    private final EndedLogs ended;
    private final StoredCheckpoints stored;
    private final List<Checkpoint> held = new ArrayList<>();
    private final Listener listener;
    private final Progress progress;
    private final VerifiedTree tree;
    private final TreeHasher hasher = new TreeHasher();
    private final byte[] leaf = new byte[Hash.LENGTH];
    private final long end;
    private long opaque;

    private Pass(
        Subject subject,
        Optional<CheckState> resumed,
        EndedLogs ended,
        StoredCheckpoints stored,
        Optional<Checkpoint> served,
        Listener listener,
        Progress progress) {
      this.subject = subject;
      this.ended = ended;
      this.stored = stored;
      this.listener = listener;
      this.progress = progress;
      this.held.addAll(subject.held());
      long from = resumed.map(CheckState::size).orElse(0L);
      // A pass that goes on beyond what is served cannot give the root of that size any more.
      Optional<Checkpoint> ahead = served.filter(checkpoint -> checkpoint.size() >= from);
      ahead.ifPresent(held::add);
      held.forEach(this::requireKept);
      ended.seals().stream()
          .map(LogSeal::kept)
          .filter(kept -> kept.size() > 0 && kept.size() >= from)
          .forEach(held::add);
      held.sort(Comparator.comparingLong(Checkpoint::size).reversed());
      this.tree =
          new VerifiedTree(
              subject.published().filter(_ -> ahead.isPresent()),
              ahead.map(Checkpoint::size),
              resumed);
      this.end = subject.records().end();
    }

    private Verified run() {
      for (Checkpoint each : held) {
        if (each.size() < tree.size()) {
          throw new LogTampered(
              "the checkpoint of size %d is older than where the pass goes on (%d); begin anew to compare it"
                  .formatted(each.size(), tree.size()));
        }
      }
      if (tree.size() > end) {
        throw missing(end, tree.size());
      }
      grown();
      try (Records records = subject.records().read(tree.size(), end)) {
        while (records.hasNext()) {
          check(records.next());
        }
      } catch (IntegrityFault e) {
        throw new LogTampered(e.position().offset(), e.getMessage());
      }
      return finished();
    }

    private void check(LogRecord record) {
      long offset = record.position().offset();
      if (offset != tree.size()) {
        throw new LogTampered(
            tree.size(), "the record is not there: the next has the offset %d".formatted(offset));
      }
      byte[] entry = compared(record);
      hasher.leaf(entry, 0, entry.length, leaf, 0);
      tree.append(leaf);
      grown();
      listener.record(record, entry);
      progress.at(tree.size(), end, this::state);
    }

    /** The record's entry, if all that stands around its value is as the value says. */
    private byte[] compared(LogRecord record) {
      long offset = record.position().offset();
      try {
        byte[] entry = entries.entry(record.key(), record.value());
        switch (envelopes.compare(record)) {
          case Outcome.Same() -> {}
          case Outcome.Opaque() -> opaque++;
          case Outcome.Deviates(String what) -> throw new LogTampered(offset, what);
        }
        return entry;
      } catch (RegistryException.SchemaNotFound | RegistryException.Unreadable e) {
        throw new LogTampered(
            offset, "the registry does not have its schema (%s)".formatted(e.getMessage()));
      }
    }

    /** Compares the root with every checkpoint of this size. */
    private void grown() {
      Optional<LogTampered> fault = stored.grown(tree.size(), tree::root);
      if (fault.isPresent()) {
        // The tiles know which leaf it is.
        tree.compareNow();
        throw fault.get();
      }
      while (!held.isEmpty() && held.getLast().size() == tree.size()) {
        Checkpoint each = held.removeLast();
        if (!each.root().equals(tree.root())) {
          throw new LogTampered(
              "the first %d records have the root %s, and a checkpoint of that size says %s: the log does not continue it"
                  .formatted(each.size(), tree.root().base64(), each.root().base64()));
        }
      }
    }

    private Verified finished() {
      if (tree.size() < end) {
        throw missing(tree.size(), end);
      }
      for (Optional<Checkpoint> unmet : List.of(stored.next(), held.stream().findFirst())) {
        if (unmet.isPresent()) {
          throw missing(tree.size(), unmet.get().size());
        }
      }
      long signed = stored.last().map(Checkpoint::size).orElse(tree.resumedAt());
      if (signed == 0 && tree.size() > 0) {
        throw new LogTampered(
            0, "no checkpoint was stored: nothing vouches for the %d records".formatted(end));
      }
      if (subject.published().isEmpty()) {
        stored.requireNewestSigned();
      }
      progress.finished(tree.size(), this::state);
      return new Verified(
          subject.origin(),
          tree.size(),
          tree.root(),
          signed,
          stored.count(),
          opaque,
          tree.comparesTiles(),
          ended.seals());
    }

    private CheckState state() {
      return tree.state(stored.nextOffset());
    }

    /** A checkpoint of a log that was ended holds as far as its records were kept. */
    private void requireKept(Checkpoint each) {
      if (each.origin().equals(subject.origin().toString())) {
        return;
      }
      LogSeal seal =
          ended.seals().stream()
              .filter(ended -> ended.origin().toString().equals(each.origin()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new LogTampered(
                          "a checkpoint is of the log '%s', not of '%s'"
                              .formatted(each.origin(), subject.origin())));
      if (each.size() > seal.kept().size()) {
        throw new LogTampered(
            seal.kept().size(),
            "it or one up to %d was lost or changed: the log '%s' was ended at %d records on %s (%s)"
                .formatted(
                    each.size() - 1, each.origin(), seal.kept().size(), seal.at(), seal.reason()));
      }
    }

    private LogTampered missing(long first, long size) {
      return new LogTampered(
          first,
          "it and all up to %d are missing: a log of %d records was signed"
              .formatted(size - 1, size));
    }
  }
}
