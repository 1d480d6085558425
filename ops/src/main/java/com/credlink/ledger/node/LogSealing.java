package com.credlink.ledger.node;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.LogSealed;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignatureType;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.worker.CheckpointSigner;
import com.credlink.ledger.worker.SealScan;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Ends the log of one partition at what its records still have of what was signed, and begins its
 * successor over the records as they are. Nothing is removed: not a record and not a checkpoint.
 * For a node that does not run.
 */
public final class LogSealing {

  private final StoredLog log;
  private final KafkaConnection connection;
  private final SchemaRegistry registry;
  private final int partitions;
  private final int partition;
  private final boolean alone;
  private final SecureRandom random;
  private final InstantSource clock;

  /**
   * Of {@code partition} of {@code log}.
   *
   * @param alone whether the brokers are this process's, so that no projections can run
   */
  public LogSealing(
      StoredLog log, int partition, boolean alone, SecureRandom random, InstantSource clock) {
    this.alone = alone;
    this.log = log;
    this.connection = log.connection();
    this.registry = log.registry();
    this.partitions = log.partitions();
    this.partition = partition;
    this.random = random;
    this.clock = clock;
  }

  /**
   * What there is to seal.
   *
   * @param origin of the log that would be ended
   * @param kept the newest checkpoint that the records still have; empty if there is none
   * @param signed the checkpoint that was signed last
   * @param records that the partition has
   * @param known how many it is known to have had
   * @param tree over the records that there are
   */
  public record Plan(
      LogOrigin origin,
      Optional<Published> kept,
      Checkpoint signed,
      long records,
      long known,
      Frontier tree) {

    /** Size of the largest tree that was signed and that the records still have. */
    public long keptSize() {
      return keptHead().size();
    }

    Checkpoint keptHead() {
      return kept.map(Published::checkpoint)
          .orElse(new Checkpoint(origin.toString(), 0, Hash.EMPTY_ROOT));
    }

    /** Whether nothing that was signed or read is lost or changed. */
    public boolean isIntact() {
      return keptSize() == signed.size() && known <= records;
    }
  }

  /**
   * Reads all records of the partition again and finds what they still have.
   *
   * @param progress told how many records were read
   * @throws com.credlink.ledger.log.IntegrityFault if there are records that nobody can read any
   *     more, or none at the beginning: no log can be made of these
   * @throws NodeStartException if nothing was ever signed
   */
  public Plan plan(LongConsumer progress) throws NodeStartException {
    try (CheckpointLog checkpoints = CheckpointLog.open(connection);
        LedgerReader records = new LedgerReader(connection);
        LedgerReader signed =
            new LedgerReader(connection, Topics.CHECKPOINTS, LedgerReader.PATIENCE)) {
      Checkpoint last =
          checkpoints
              .latest(partition)
              .map(Published::checkpoint)
              .orElseThrow(
                  () ->
                      new NodeStartException(
                          "nothing was ever signed of partition %d: there is nothing to end"
                              .formatted(partition)));
      LogOrigin origin = LogOrigin.parse(last.origin(), partition);
      SealScan scan = new SealScan(partition, origin.toString(), signed);
      long end = records.end(partition);
      scan.read(records, new EntryHasher(registry), end, progress);
      return new Plan(origin, scan.kept(), last, end, known(), scan.tree());
    }
  }

  private long known() throws NodeStartException {
    return ProjectionGroup.of(connection).known(partition);
  }

  /**
   * Carries {@code plan} out. If it is interrupted, the log is either sealed or as it was, and it
   * can be done again.
   *
   * @param reason one line
   * @return what stands in place of the old log
   * @throws NodeStartException if it cannot be
   */
  public SealedLog seal(Plan plan, LogKeys keys, String reason) throws NodeStartException {
    requirePlaceForTheFact();
    ProjectionGroup.of(connection).forget(alone);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    LogSeal seal = new LogSeal(plan.origin(), plan.keptHead(), plan.signed(), now, reason);
    SealedLog sealed =
        new SealedLog(
            seal,
            SignedNote.sign(seal.text(), now, ofText(keys, plan.origin().toString())),
            plan.kept());
    state(seal);
    String successor = plan.origin().successor().toString();
    try (CheckpointLog checkpoints = CheckpointLog.open(connection);
        LedgerReader records = new LedgerReader(connection)) {
      Frontier tree = plan.tree();
      EntryHasher entries = new EntryHasher(registry);
      records.replay(
          partition,
          tree.size(),
          records.end(partition),
          record -> tree.appendEntry(entries.entry(record.key(), record.value())));
      checkpoints.seal(
          partition,
          sealed,
          new Checkpoint(successor, tree.size(), tree.root())
              .sign(now, CheckpointSigner.signers(successor, keys, random)));
    }
    return sealed;
  }

  /** Of the log's keys those that sign texts; the others sign tree heads alone. */
  private List<NoteSigner> ofText(LogKeys keys, String origin) {
    return CheckpointSigner.signers(origin, keys, random).stream()
        .filter(signer -> signer.key().type() == SignatureType.ED25519)
        .toList();
  }

  /** A fact behind another loss would take the place of what was lost there. */
  private void requirePlaceForTheFact() throws NodeStartException {
    int platform = Topics.partition(LedgerEvent.PLATFORM, partitions);
    if (platform == partition) {
      return;
    }
    try (CheckpointLog checkpoints = CheckpointLog.open(connection);
        LedgerReader records = new LedgerReader(connection)) {
      long signed =
          checkpoints.latest(platform).map(Published::checkpoint).map(Checkpoint::size).orElse(0L);
      if (records.end(platform) < signed) {
        throw new NodeStartException(
            "partition %d, which takes the fact that a log was sealed, has lost records itself; seal it first"
                .formatted(platform));
      }
    }
  }

  private void state(LogSeal seal) {
    try (OperatorFacts facts = new OperatorFacts(log, "ledger log seal", random, clock)) {
      facts.state(
          new LogSealed(
              facts.header(),
              partition,
              seal.origin().toString(),
              seal.kept().size(),
              Bytes.wrap(seal.kept().root().toArray()),
              seal.signed().size(),
              Bytes.wrap(seal.signed().root().toArray()),
              seal.origin().successor().toString(),
              seal.reason()));
    }
  }
}
