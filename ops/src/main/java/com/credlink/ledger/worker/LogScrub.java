package com.credlink.ledger.worker;

import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TileException;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.StoreQueries.NotServingException;
import com.credlink.ledger.topology.query.TreeView;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes the logs of this process's partitions again, at a bounded rate, and compares each record
 * with its leaf and the tree with every checkpoint that was ever stored. What is found wrong is
 * reported; what is found right is told when a pass over a whole log is done.
 */
public final class LogScrub implements AutoCloseable {

  /** Records that the start hashes again at the end of each log. */
  static final int NEWEST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(LogScrub.class);
  private static final int CHUNK = 500;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final KafkaConnection connection;
  private final SchemaRegistry registry;
  private final StoreQueries stores;
  private final TreeView trees;
  private final CheckpointLog checkpoints;
  private final IntegrityFaults faults;
  private final Pace pace;
  private final Consumer<Pass> done;
  private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("log-scrub").daemon().factory());

  /**
   * How much of the machine it takes.
   *
   * @param rate records a second
   * @param first from the start to the first pass
   * @param interval from the end of a pass over all logs to the next
   */
  public record Pace(int rate, Duration first, Duration interval) {}

  /** A pass over a whole log in which all was as it was signed. */
  public record Pass(int partition, String origin, long size, Hash root, long checkpoints) {}

  /**
   * A scrub that has not begun.
   *
   * @param done told of each pass
   */
  public LogScrub(
      KafkaConnection connection,
      SchemaRegistry registry,
      StoreQueries stores,
      CheckpointLog checkpoints,
      IntegrityFaults faults,
      Pace pace,
      Consumer<Pass> done) {
    this.connection = connection;
    this.registry = registry;
    this.stores = stores;
    this.trees = new TreeView(stores);
    this.checkpoints = checkpoints;
    this.faults = faults;
    this.pace = pace;
    this.done = done;
  }

  /**
   * The check of the start: that no log is shorter than its tree, that the tree has the root that
   * was signed last, and that its newest records are what they were.
   */
  public void checkNewest() {
    try (LedgerReader records = new LedgerReader(connection)) {
      for (int partition : stores.owned()) {
        guarded(partition, () -> checkNewest(records, partition));
      }
    }
  }

  private void checkNewest(LedgerReader records, int partition) {
    long size = trees.size(partition);
    long end = records.end(partition);
    if (end < size) {
      throw new IntegrityFault.EndLost(partition, end, size);
    }
    checkpoints
        .latest(partition)
        .map(Published::checkpoint)
        .filter(last -> last.size() <= size)
        .ifPresent(last -> requireRoot(partition, last));
    new LeafScan(records, new EntryHasher(registry), trees)
        .compare(partition, Math.max(0, size - NEWEST), size, size, _ -> {});
  }

  private void requireRoot(int partition, Checkpoint last) {
    String found = root(partition, last.size());
    if (!found.equals(last.root().base64())) {
      throw new IntegrityFault.Forked(partition, 0, last.size(), found, last.root().base64());
    }
  }

  private String root(int partition, long size) {
    try {
      return trees.tree(partition).root(size).base64();
    } catch (TileException damaged) {
      return "(none: " + damaged.getMessage() + ")";
    }
  }

  /** Begins to scrub. */
  public LogScrub start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::passes,
            pace.first().toMillis(),
            pace.interval().toMillis(),
            TimeUnit.MILLISECONDS);
    return this;
  }

  /** How far the pass over a partition is, in records. */
  public long position(int partition) {
    return positions.getOrDefault(partition, 0L);
  }

  private void passes() {
    try (LedgerReader records = new LedgerReader(connection);
        LedgerReader signed =
            new LedgerReader(connection, Topics.CHECKPOINTS, LedgerReader.PATIENCE)) {
      for (int partition : stores.owned()) {
        guarded(partition, () -> pass(records, signed, partition));
      }
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The logs could not be hashed again; the next pass tries");
    }
  }

  private void guarded(int partition, Runnable check) {
    if (faults.loss(partition).isPresent()) {
      return;
    }
    try {
      check.run();
    } catch (IntegrityFault fault) {
      faults.report(fault);
    } catch (NotServingException notNow) {
      LOG.debug("The tree is not there now", notNow);
    }
  }

  private void pass(LedgerReader records, LedgerReader signed, int partition) {
    long size = trees.size(partition);
    String origin =
        checkpoints.latest(partition).map(Published::checkpoint).map(Checkpoint::origin).orElse("");
    StoredCheckpoints stored =
        new StoredCheckpoints(signed, partition, origin, trees.tree(partition)::root);
    LeafScan scan = new LeafScan(records, new EntryHasher(registry), trees);
    Frontier tree = new Frontier();
    for (long at = 0; at < size && !stopped; ) {
      long began = System.nanoTime();
      long to = Math.min(size, at + CHUNK);
      scan.compare(
          partition,
          at,
          to,
          size,
          leaf -> {
            tree.append(leaf, 0);
            stored.grown(tree);
          });
      positions.put(partition, to);
      rest(began, to - at);
      at = to;
    }
    if (!stopped && size > 0 && !origin.isEmpty()) {
      done.accept(new Pass(partition, origin, size, tree.root(), stored.met()));
    }
  }

  /** So that a second does not see more records than it may. */
  private void rest(long began, long records) {
    long due = TimeUnit.SECONDS.toNanos(records) / pace.rate();
    long left = due - (System.nanoTime() - began);
    try {
      TimeUnit.NANOSECONDS.sleep(left);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A log was still being hashed again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
