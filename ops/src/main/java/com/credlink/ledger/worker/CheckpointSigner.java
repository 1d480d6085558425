package com.credlink.ledger.worker;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TileException;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.StoreQueries.NotServingException;
import com.credlink.ledger.topology.query.TreeView;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the trees of this process's partitions as they grow: a checkpoint at most {@link #PERIOD}
 * and a little after an event. Each one must continue the one before it: a tree that has another
 * root at the size that was signed last is a fork, and that log is never signed again.
 */
public final class CheckpointSigner implements AutoCloseable {

  /** How often a grown tree is signed. */
  static final Duration PERIOD = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointSigner.class);

  private final String ledger;
  private final StoreQueries stores;
  private final TreeView trees;
  private final CheckpointLog checkpoints;
  private final LogKeys keys;
  private final IntegrityFaults faults;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("checkpoint-signer").daemon().factory());

  /**
   * A signer that has not begun.
   *
   * @param ledger name of the ledger, with which the first log of a partition is called
   */
  public CheckpointSigner(
      String ledger,
      StoreQueries stores,
      CheckpointLog checkpoints,
      LogKeys keys,
      IntegrityFaults faults,
      InstantSource clock,
      SecureRandom random) {
    this.ledger = ledger;
    this.stores = stores;
    this.trees = new TreeView(stores);
    this.checkpoints = checkpoints;
    this.keys = keys;
    this.faults = faults;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The signers of a log: its Ed25519 key first, then its ML-DSA-44 key, and the same of the pair
   * that is being replaced.
   */
  public static List<NoteSigner> signers(String origin, LogKeys keys, SecureRandom random) {
    return keys.signing().stream()
        .flatMap(
            pair ->
                Stream.<NoteSigner>of(
                    LocalNoteSigner.ed25519(origin, pair.ed25519()),
                    LocalNoteSigner.mlDsa44(origin, pair.mlDsa44(), random)))
        .toList();
  }

  /** What the checkpoints of a log were verified with before its keys were replaced. */
  public static List<VerifierKey> retired(String origin, LogKeys keys) {
    return keys.retired().stream()
        .flatMap(
            pair ->
                Stream.of(
                    LocalNoteSigner.ed25519Key(origin, pair.ed25519()),
                    LocalNoteSigner.mlDsa44Key(origin, pair.mlDsa44())))
        .toList();
  }

  /** Begins to sign. */
  public CheckpointSigner start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::sign, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  private void sign() {
    try {
      for (int partition : stores.owned()) {
        if (faults.of(partition).isEmpty()) {
          sign(partition);
        }
      }
    } catch (NotServingException notNow) {
      LOG.debug("The trees are not there yet", notNow);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("A checkpoint could not be made; it is tried again");
    }
  }

  private synchronized void sign(int partition) {
    sign(partition, trees.size(partition));
  }

  /**
   * The checkpoint of exactly this size, made now if need be; empty when a greater one was signed,
   * when the tree is not so far, and when the log must not be signed.
   */
  public synchronized Optional<Published> at(int partition, long size) {
    if (faults.of(partition).isPresent() || trees.size(partition) < size) {
      return Optional.empty();
    }
    sign(partition, size);
    return checkpoints.latest(partition).filter(newest -> newest.checkpoint().size() == size);
  }

  private void sign(int partition, long size) {
    Optional<Published> last = checkpoints.latest(partition);
    long signed = last.map(Published::checkpoint).map(Checkpoint::size).orElse(0L);
    String origin =
        checkpoints.origin(partition).orElse(LogOrigin.first(ledger, partition)).toString();
    if (size == signed) {
      last.ifPresent(head -> signWithNewKeys(partition, head));
    }
    if (size <= signed || !continues(partition, last)) {
      return;
    }
    Hash root = trees.tree(partition).root(size);
    checkpoints.append(
        partition,
        new Checkpoint(origin, size, root).sign(clock.instant(), signers(origin, keys, random)));
  }

  /**
   * After a change of keys, so that whoever knows the new ones alone need not wait for an event.
   */
  private void signWithNewKeys(int partition, Published head) {
    List<NoteSigner> missing =
        signers(head.checkpoint().origin(), keys, random).stream()
            .filter(
                signer -> head.note().signatures().stream().noneMatch(l -> l.isOf(signer.key())))
            .toList();
    if (!missing.isEmpty() && continues(partition, Optional.of(head))) {
      SignedNote lines = head.checkpoint().sign(clock.instant(), missing);
      checkpoints.cosign(partition, lines.text(), lines.signatures());
    }
  }

  private boolean continues(int partition, Optional<Published> last) {
    if (last.isEmpty()) {
      return true;
    }
    Checkpoint before = last.get().checkpoint();
    String found = rootAt(partition, before.size());
    if (found.equals(before.root().base64())) {
      return true;
    }
    faults.report(
        new IntegrityFault.Forked(partition, 0, before.size(), found, before.root().base64()));
    return false;
  }

  private String rootAt(int partition, long size) {
    try {
      return trees.tree(partition).root(size).base64();
    } catch (TileException damaged) {
      return "(none: " + damaged.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(CheckpointLog.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A checkpoint was still being written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
