package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogCheck;
import com.credlink.ledger.tlog.LogUnreachable;
import com.credlink.ledger.verify.KafkaRecordLog;
import com.credlink.ledger.verify.RecordCheck;
import com.credlink.ledger.verify.RecordLog;
import com.credlink.ledger.verify.RecordLog.Records;
import com.credlink.ledger.worker.CheckpointSigner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The partitions of a log with all that their records are compared with. */
final class RecordSubjects {

  /** A record is signed within about a second; a log that has just begun may have no signature. */
  private static final Duration FIRST_CHECKPOINT = Duration.ofSeconds(5);

  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private final StoredLog log;
  private final Demands demands;
  private final Console console;
  private boolean olderMet;

  /** {@code log}, compared as {@code demands} say. */
  RecordSubjects(StoredLog log, Demands demands, Console console) {
    this.log = log;
    this.demands = demands;
    this.console = console;
  }

  /**
   * What the caller demands.
   *
   * @param vkeys keys that must have signed; where there are none, those that the node's directory
   *     holds or that the ledger names
   * @param given those of them that were given beside a policy
   * @param served the logs as they are served, where they are
   * @param policy that the served checkpoint must fulfil
   * @param older a checkpoint that somebody has kept
   */
  record Demands(
      List<VerifierKey> vkeys,
      List<VerifierKey> given,
      List<LogSubjects.Subject> served,
      Optional<PolicyDemand> policy,
      Optional<byte[]> older) {}

  /**
   * A partition whose topics are open.
   *
   * @param subject what is verified; nothing if the partition is empty and nothing was signed
   * @param cosigners who has cosigned, where a policy asks
   */
  record Opened(
      Optional<RecordCheck.Subject> subject,
      Optional<List<String>> cosigners,
      KafkaRecordLog events,
      KafkaRecordLog checkpoints)
      implements AutoCloseable {
    @Override
    public void close() {
      events.close();
      checkpoints.close();
    }
  }

  /**
   * Opens a partition.
   *
   * @throws CommandException if there is no key to verify it with
   * @throws com.credlink.ledger.note.NoteException if the policy does not accept it
   */
  Opened open(int partition) throws CommandException {
    KafkaRecordLog events = new KafkaRecordLog(log.connection(), Topics.EVENTS, partition);
    KafkaRecordLog checkpoints =
        new KafkaRecordLog(log.connection(), Topics.CHECKPOINTS, partition);
    try {
      return opened(partition, events, checkpoints);
    } catch (CommandException | RuntimeException e) {
      events.close();
      checkpoints.close();
      throw e;
    }
  }

  private Opened opened(int partition, KafkaRecordLog events, KafkaRecordLog checkpoints)
      throws CommandException {
    awaitCheckpoint(events, checkpoints);
    Optional<String> stored = origin(checkpoints);
    Optional<LogSubjects.Subject> served =
        demands.served().stream()
            .filter(subject -> isOf(partition, subject.keys().getFirst()))
            .findFirst()
            .flatMap(this::reachable);
    if (stored.isEmpty() && served.isEmpty() && events.end() == 0) {
      return new Opened(Optional.empty(), Optional.empty(), events, checkpoints);
    }
    List<VerifierKey> keys = keys(partition, stored, served);
    Optional<PolicyDemand.Accepted> accepted =
        demands.policy().isPresent() && served.isPresent()
            ? Optional.of(
                demands
                    .policy()
                    .get()
                    .accept(new LogSubjects.Subject(served.get().log(), keys), demands.given()))
            : Optional.empty();
    List<VerifierKey> demanded = accepted.map(each -> each.subject().keys()).orElse(keys);
    return new Opened(
        Optional.of(
            new RecordCheck.Subject(
                keys.getFirst().name(),
                demanded,
                events,
                checkpoints,
                accepted.map(PolicyDemand.Accepted::subject).or(() -> served).map(s -> s.log()),
                held(keys))),
        accepted.map(PolicyDemand.Accepted::cosigners),
        events,
        checkpoints);
  }

  private static void awaitCheckpoint(RecordLog events, RecordLog checkpoints) {
    long deadline = System.nanoTime() + FIRST_CHECKPOINT.toNanos();
    while (checkpoints.end() == 0 && events.end() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE);
    }
  }

  /** The name under which the first checkpoint was stored. */
  private static Optional<String> origin(RecordLog checkpoints) {
    long start = checkpoints.start();
    if (checkpoints.end() == start) {
      return Optional.empty();
    }
    try (Records first = checkpoints.read(start, start + 1)) {
      return first.hasNext()
          ? Optional.of(first.next()).map(LogRecord::key).map(key -> new String(key, UTF_8))
          : Optional.empty();
    }
  }

  /** A node that has found the fault itself does not serve the log any more; its records say it. */
  private Optional<LogSubjects.Subject> reachable(LogSubjects.Subject subject) {
    try {
      var _ = subject.log().checkpoint();
      return Optional.of(subject);
    } catch (LogUnreachable e) {
      if (demands.policy().isPresent()) {
        throw e;
      }
      console.err().println("ledger: the tiles are not compared: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<VerifierKey> keys(
      int partition, Optional<String> stored, Optional<LogSubjects.Subject> served)
      throws CommandException {
    if (!demands.vkeys().isEmpty()) {
      return given(partition, stored);
    }
    Optional<LogKeys> own = log.keys();
    Optional<String> origin =
        served.map(subject -> subject.keys().getFirst().name()).or(() -> stored);
    if (own.isPresent() && origin.isPresent()) {
      return CheckpointSigner.signers(origin.get(), own.get(), console.random()).stream()
          .map(NoteSigner::key)
          .toList();
    }
    return served
        .map(LogSubjects.Subject::keys)
        .orElseThrow(
            () ->
                new CommandException(
                    "partition %d has no key to verify it with: give --vkey, once for each key that must have signed"
                        .formatted(partition)));
  }

  /**
   * The keys of the command line that are this partition's, whatever the partition calls itself.
   */
  private List<VerifierKey> given(int partition, Optional<String> stored) throws CommandException {
    List<String> names =
        demands.vkeys().stream()
            .filter(key -> isOf(partition, key))
            .map(VerifierKey::name)
            .distinct()
            .toList();
    String name =
        stored
            .filter(names::contains)
            .or(() -> names.stream().findFirst())
            .orElseThrow(
                () ->
                    new CommandException(
                        "no --vkey is of partition %d, which calls itself '%s'; give its keys, or name another --partition"
                            .formatted(partition, stored.orElse(""))));
    return demands.vkeys().stream().filter(key -> key.name().equals(name)).toList();
  }

  private static boolean isOf(int partition, VerifierKey key) {
    return key.name().endsWith("/" + partition);
  }

  /** Whether the older checkpoint was of a partition that was opened. */
  boolean hasMetOlder() {
    return olderMet;
  }

  private List<Checkpoint> held(List<VerifierKey> keys) {
    Optional<byte[]> ours =
        demands
            .older()
            .filter(note -> new String(note, UTF_8).startsWith(keys.getFirst().name() + "\n"));
    olderMet |= ours.isPresent();
    return ours.map(note -> LogCheck.checkpoint(note, keys).checkpoint()).stream().toList();
  }
}
