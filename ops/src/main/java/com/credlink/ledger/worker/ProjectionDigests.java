package com.credlink.ledger.worker;

import com.credlink.ledger.api.read.PublishedProjections.Projections;
import com.credlink.ledger.api.read.PublishedProjections.Source;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.topology.digest.ProjectionDigest;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StoreCodecs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the digests of the projections when somebody asks, each bound to a checkpoint of its size.
 * Whoever asks is answered with the newest that there is. Another is made after {@link #REST} times
 * the time that the last one took, so that a public route costs a small part of one core at most.
 */
public final class ProjectionDigests implements Source, AutoCloseable {

  /** Rest after each digest, as a multiple of the time that it took. */
  static final int REST = 20;

  private static final Logger LOG = LoggerFactory.getLogger(ProjectionDigests.class);

  /** At least this long between two. */
  private static final Duration LEAST_REST = Duration.ofSeconds(1);

  /** How long the first who asks waits for the first digest. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A signer or a record may have come between a snapshot and its checkpoint. */
  private static final int TRIES = 20;

  private static final Duration SNAPSHOT_DEADLINE = Duration.ofSeconds(5);

  private final Snapshots snapshots;
  private final CheckpointSigner signer;
  private final StoreCodecs codecs;
  private final InstantSource clock;
  private final Map<Integer, Made> made = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<Projections>> making = new ConcurrentHashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("projection-digest").daemon().factory());

  /** The last one, and when the next may be made, by {@link System#nanoTime}. */
  private record Made(Projections projections, long nextAt) {}

  /** Over the stores of this process. */
  public ProjectionDigests(
      Snapshots snapshots, CheckpointSigner signer, StoreCodecs codecs, InstantSource clock) {
    this.snapshots = snapshots;
    this.signer = signer;
    this.codecs = codecs;
    this.clock = clock;
  }

  @Override
  public Optional<Projections> newest(int partition, long newestSize) {
    Made last = made.get(partition);
    boolean isOld = last == null || last.projections().digest().size() < newestSize;
    boolean mayMake = last == null || System.nanoTime() - last.nextAt() >= 0;
    if (!isOld || !mayMake) {
      return Optional.ofNullable(last).map(Made::projections);
    }
    CompletableFuture<Projections> next = making.computeIfAbsent(partition, this::begin);
    try {
      return Optional.of(next.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException | ExecutionException notYet) {
      return Optional.ofNullable(last).map(Made::projections);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private CompletableFuture<Projections> begin(int partition) {
    return CompletableFuture.supplyAsync(() -> make(partition), thread);
  }

  private Projections make(int partition) {
    long begun = System.nanoTime();
    try {
      Projections projections = signedSnapshot(partition);
      long took = System.nanoTime() - begun;
      long rest = Math.max(took * REST, LEAST_REST.toNanos());
      made.put(partition, new Made(projections, System.nanoTime() + rest));
      return projections;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The node is stopping", e);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("partition", partition)
          .addKeyValue("reason", e.getMessage())
          .log("The projections were not digested");
      throw e;
    } finally {
      making.remove(partition);
    }
  }

  private Projections signedSnapshot(int partition) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try (Snapshot snapshot = snapshot(partition)) {
        Optional<Published> checkpoint = signer.at(partition, snapshot.size());
        if (checkpoint.isPresent()) {
          ProjectionDigest digest = ProjectionDigest.of(snapshot, codecs, rows -> {});
          return new Projections(digest, checkpoint.get(), clock.instant());
        }
      }
    }
    throw new IllegalStateException("No checkpoint came to have the size of a snapshot");
  }

  private Snapshot snapshot(int partition) throws InterruptedException {
    CompletableFuture<Snapshot> asked = snapshots.of(partition);
    try {
      return asked.get(SNAPSHOT_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
        asked.join().close();
      }
      throw new IllegalStateException("The stores of the partition are not there now", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(SNAPSHOT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A digest of the projections was still being made");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
