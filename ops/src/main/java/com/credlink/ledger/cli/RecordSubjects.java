package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogUnreachable;
import com.credlink.ledger.verify.CheckpointKeys;
import com.credlink.ledger.verify.KafkaRecordLog;
import com.credlink.ledger.verify.RecordCheck;
import com.credlink.ledger.verify.RecordLog;
import com.credlink.ledger.verify.RecordLog.Records;
import com.credlink.ledger.worker.CheckpointSigner;
import java.time.Duration;
import java.util.ArrayList;
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
   * @param vkeys keys that must have signed the newest checkpoint; where there are none, those that
   *     the ledger names, or one of each algorithm of the node's directory
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
    Optional<LogOrigin> stored = origin(checkpoints);
    Optional<LogSubjects.Subject> served =
        demands.served().stream()
            .filter(subject -> origin(partition, subject.keys().getFirst().name()).isPresent())
            .findFirst()
            .flatMap(this::reachable);
    Optional<LogOrigin> known =
        served
            .flatMap(subject -> origin(partition, subject.keys().getFirst().name()))
            .or(() -> stored);
    if (known.isEmpty() && events.end() == 0) {
      return new Opened(Optional.empty(), Optional.empty(), events, checkpoints);
    }
    LogOrigin origin = demanded(partition, known);
    List<VerifierKey> keys = keys(origin, served);
    Optional<PolicyDemand.Accepted> accepted =
        demands.policy().isPresent() && served.isPresent()
            ? Optional.of(
                demands
                    .policy()
                    .get()
                    .accept(new LogSubjects.Subject(served.get().log(), keys), demands.given()))
            : Optional.empty();
    CheckpointKeys all =
        new CheckpointKeys(
            accepted.map(each -> each.subject().keys()).orElse(keys), known(origin, served));
    requireSomeKey(partition, all);
    return new Opened(
        Optional.of(
            new RecordCheck.Subject(
                origin,
                all,
                events,
                checkpoints,
                accepted.map(PolicyDemand.Accepted::subject).or(() -> served).map(s -> s.log()),
                held(origin, all))),
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

  /** The log whose checkpoint was stored last; of a record that is damaged, the one before. */
  private static Optional<LogOrigin> origin(RecordLog checkpoints) {
    long start = checkpoints.start();
    long end = checkpoints.end();
    if (end == start) {
      return Optional.empty();
    }
    return origin(checkpoints, end - 1).or(() -> origin(checkpoints, start));
  }

  private static Optional<LogOrigin> origin(RecordLog checkpoints, long offset) {
    try (Records one = checkpoints.read(offset, offset + 1)) {
      Optional<byte[]> name =
          one.hasNext() ? Optional.ofNullable(one.next().key()) : Optional.empty();
      return name.flatMap(key -> origin(checkpoints.partition(), new String(key, UTF_8)));
    } catch (IntegrityFault damaged) {
      return Optional.empty();
    }
  }

  /** The log of that name, if the partition can have it. */
  private static Optional<LogOrigin> origin(int partition, String name) {
    try {
      return Optional.of(LogOrigin.parse(name, partition));
    } catch (IllegalArgumentException another) {
      return Optional.empty();
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

  /**
   * The log that is verified: the one that is there, if keys of it were given.
   *
   * @throws CommandException if those that were given are another log's
   */
  private LogOrigin demanded(int partition, Optional<LogOrigin> known) throws CommandException {
    List<LogOrigin> given =
        demands.vkeys().stream()
            .flatMap(key -> origin(partition, key.name()).stream())
            .distinct()
            .toList();
    if (demands.vkeys().isEmpty() || known.filter(given::contains).isPresent()) {
      return known.orElseThrow(() -> noKey(partition));
    }
    String calls = known.map(LogOrigin::toString).orElse("");
    if (known.filter(log -> log.generation() > 1).isPresent()
        && given.stream().anyMatch(log -> log.ledger().equals(known.get().ledger()))) {
      throw new CommandException(
          "the log '%s' was ended after a loss, and partition %d goes on as '%s': give that log's keys as well, /tlog of the ledger has them"
              .formatted(given.getFirst(), partition, calls));
    }
    return given.stream()
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "no --vkey is of partition %d, which calls itself '%s'; give its keys, or name another --partition"
                        .formatted(partition, calls)));
  }

  /** Those that must have signed the newest checkpoint. */
  private List<VerifierKey> keys(LogOrigin origin, Optional<LogSubjects.Subject> served) {
    return demands.vkeys().isEmpty()
        ? served.map(LogSubjects.Subject::keys).orElse(List.of())
        : demands.vkeys().stream().filter(key -> key.name().equals(origin.toString())).toList();
  }

  /** Those that sign or have signed, as the node's own directory or its ledger knows. */
  private List<VerifierKey> known(LogOrigin origin, Optional<LogSubjects.Subject> served) {
    List<VerifierKey> known = new ArrayList<>();
    log.keys()
        .ifPresent(
            own -> {
              String name = origin.toString();
              CheckpointSigner.signers(name, own, console.random())
                  .forEach(signer -> known.add(signer.key()));
              known.addAll(CheckpointSigner.retired(name, own));
            });
    served.ifPresent(
        subject -> {
          known.addAll(subject.keys());
          known.addAll(subject.retired());
        });
    return known;
  }

  private static void requireSomeKey(int partition, CheckpointKeys keys) throws CommandException {
    if (keys.algorithms().isEmpty()) {
      throw noKey(partition);
    }
  }

  private static CommandException noKey(int partition) {
    return new CommandException(
        "partition %d has no key to verify it with: give --vkey, once for each key that must have signed"
            .formatted(partition));
  }

  /** Whether the older checkpoint was of a partition that was opened. */
  boolean hasMetOlder() {
    return olderMet;
  }

  private List<Checkpoint> held(LogOrigin origin, CheckpointKeys keys) {
    Optional<byte[]> ours =
        demands
            .older()
            .filter(note -> isOf(origin, new String(note, UTF_8).lines().findFirst().orElse("")));
    olderMet |= ours.isPresent();
    return ours.map(keys::any).stream().toList();
  }

  /** Whether a log of that name is this one, or was ended for it to begin. */
  private static boolean isOf(LogOrigin origin, String name) {
    return origin(origin.partition(), name)
        .filter(log -> log.ledger().equals(origin.ledger()))
        .isPresent();
  }
}
