package com.credlink.ledger.cli;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.EnvelopeCheck;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.LogUnreachable;
import com.credlink.ledger.verify.CheckState;
import com.credlink.ledger.verify.Progress;
import com.credlink.ledger.verify.RecordCheck;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The part of {@code verify} that reads the records themselves. */
final class RecordVerification {

  /** Records between two notes of where the pass is. */
  private static final long STATE_EVERY = 1 << 18;

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only the records of this partition.")
  private Optional<Integer> partition = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Note in this file how far the records were verified, and go on from there the next time."
              + " Whoever can write the file can make the next pass skip records.")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description =
          "Rows of 'ledger replay': each must follow from its bytes, and these must stand in the"
              + " log where the row says.")
  private Optional<Path> rows = Optional.empty();

  @Option(
      names = "--tenant",
      paramLabel = "SHOP",
      description =
          "Say how many records this shop has (its domain, with --data, or its tenant id) and their"
              + " running digest; with --rows, the rows must be all of them.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--projections",
      description =
          "Fold the records afresh and compare every projection with the node's, which must run.")
  private boolean projections;

  /** Whether anything was asked for that only the records can tell. */
  boolean isAsked() {
    return partition.isPresent()
        || state.isPresent()
        || rows.isPresent()
        || tenant.isPresent()
        || projections;
  }

  /** Whether the node's projections are compared. */
  boolean comparesProjections() {
    return projections;
  }

  /** Whether what is asked for needs every record from the first on. */
  boolean asksTooMuchOfAState() {
    return state.isPresent() && (rows.isPresent() || tenant.isPresent() || projections);
  }

  /**
   * Verifies every partition and says what holds.
   *
   * @param node where the node is served, if its projections are compared
   * @return the exit code
   */
  int run(
      StoredLog log,
      LogOptions place,
      Optional<String> node,
      RecordSubjects subjects,
      Console console,
      Consumer<ObjectNode> say)
      throws CommandException {
    if (partition.orElse(0) < 0 || partition.orElse(0) >= log.partitions()) {
      throw new CommandException(
          "there is no partition %d: the log has %d, from 0 on"
              .formatted(partition.get(), log.partitions()));
    }
    EventCatalogue catalogue = EventCatalogue.load();
    Optional<StateFile> passes =
        state.isPresent() ? Optional.of(StateFile.read(state.get())) : Optional.empty();
    Optional<String> key =
        tenant.isPresent()
            ? Optional.of(place.tenant(tenant.get(), log, console))
            : Optional.empty();
    try (RecordExtras extras = RecordExtras.open(rows, key, log, catalogue)) {
      int exitCode = ExitCode.DONE;
      for (int each = 0; each < log.partitions(); each++) {
        if (partition.orElse(each) == each) {
          exitCode =
              Math.max(
                  exitCode,
                  verify(each, log, node, catalogue, subjects, passes, extras, console, say));
        }
      }
      return Math.max(exitCode, extras.report(exitCode == ExitCode.DONE, say));
    }
  }

  private static int verify(
      int partition,
      StoredLog log,
      Optional<String> node,
      EventCatalogue catalogue,
      RecordSubjects subjects,
      Optional<StateFile> passes,
      RecordExtras extras,
      Console console,
      Consumer<ObjectNode> say)
      throws CommandException {
    RecordReport report = new RecordReport(partition);
    Meter meter = new Meter(console, "verify: partition " + partition);
    try (RecordSubjects.Opened opened = subjects.open(partition)) {
      if (opened.subject().isEmpty()) {
        say.accept(report.empty());
        return ExitCode.DONE;
      }
      RecordCheck.Subject subject = opened.subject().get();
      Optional<CheckState> before = passes.flatMap(file -> file.of(subject.origin().toString()));
      RecordCheck check =
          new RecordCheck(
              new EntryHasher(log.registry()),
              new EnvelopeCheck(catalogue, log.registry(), log.partitions()));
      Progress progress = progress(subject.origin().toString(), meter, passes);
      if (node.isEmpty()) {
        RecordCheck.Verified verified = check.run(subject, before, extras, progress);
        meter.done();
        say.accept(report.intact(verified, subject, before, opened.cosigners()));
        return ExitCode.DONE;
      }
      try (ProjectionCheck fold = ProjectionCheck.of(partition, node.get(), subject.keys(), log)) {
        RecordCheck.Verified verified =
            check.run(
                subject.alsoAt(fold.checkpoint()),
                before,
                (record, entry) -> {
                  extras.record(record, entry);
                  fold.record(record, entry);
                },
                progress);
        meter.done();
        say.accept(report.intact(verified, subject, before, opened.cosigners()));
        ObjectNode result = fold.result();
        say.accept(result);
        return result.path("projections").asBoolean() ? ExitCode.DONE : ExitCode.NO;
      }
    } catch (NoteException e) {
      meter.done();
      say.accept(report.notAccepted(e));
      return ExitCode.NO;
    } catch (LogTampered e) {
      meter.done();
      say.accept(report.tampered(e));
      return ExitCode.NO;
    } catch (LogUnreachable e) {
      meter.done();
      throw new CommandException(e.getMessage(), e);
    }
  }

  private static Progress progress(String origin, Meter meter, Optional<StateFile> passes) {
    return new Progress() {
      @Override
      public void at(long size, long end, Supplier<CheckState> now) {
        meter.at(size, end);
        if (size % STATE_EVERY == 0) {
          passes.ifPresent(file -> file.write(origin, now.get()));
        }
      }

      @Override
      public void finished(long size, Supplier<CheckState> now) {
        passes.ifPresent(file -> file.write(origin, now.get()));
      }
    };
  }
}
