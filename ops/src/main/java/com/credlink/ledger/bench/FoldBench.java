package com.credlink.ledger.bench;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.SourceOffsets;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.wire.Registration;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * From the log to the signing status, trail and queue, against a plain Streams count over the same
 * log with the same settings; then how long a fact takes to become visible.
 */
final class FoldBench implements Scenario {

  private static final int TENANTS = 16;
  private static final int REQUESTS = 25_000;
  private static final int FACTS_OF_A_REQUEST = 4;
  private static final int ROUNDS = 3;
  private static final long MEMORY = 64L * 1024 * 1024;
  private static final double TARGET = 0.5;
  private static final int RATE = 1_000;
  private static final Duration AT_RATE = Duration.ofSeconds(15);
  private static final double P99_MILLIS = 250;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Ids ids = Ids.uuidV7(InstantSource.system(), new SecureRandom());

  @Override
  public String name() {
    return "fold";
  }

  @Override
  public void run(Report report) throws Exception {
    try (BenchLog log = BenchLog.open()) {
      report.progress("fold: writing " + REQUESTS * FACTS_OF_A_REQUEST + " facts");
      fill(log);
      long facts = 0;
      List<Position> ends = new ArrayList<>();
      try (LedgerReader reader = new LedgerReader(log.connection())) {
        for (int partition = 0; partition < reader.partitions(); partition++) {
          long end = reader.end(partition);
          facts += end;
          if (end > 0) {
            ends.add(new Position(partition, end - 1));
          }
        }
      }
      long total = facts;
      AtomicLong run = new AtomicLong();
      report.progress("fold: " + ROUNDS + " pairs over " + total + " facts");
      report.ratio(
          "fold",
          "log to status, queue and trail : plain count (facts/s)",
          Rounds.of(
              ROUNDS,
              () -> fold(log, "bench-fold-" + run.incrementAndGet(), ends, total),
              () -> count(log, "bench-count-" + run.incrementAndGet(), total)),
          TARGET);
      report.latency("fold", "append to visible at 1,000/s", visible(log, ends), P99_MILLIS);
    }
  }

  private void fill(BenchLog log) {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      for (LedgerEvent event : lifecycle("tenant%020d".formatted(i % TENANTS), ids.next())) {
        pending.add(log.ledger().append(event));
      }
      if (pending.size() > 2_000) {
        pending.forEach(CompletableFuture::join);
        pending.clear();
      }
    }
    pending.forEach(CompletableFuture::join);
  }

  private double fold(BenchLog log, String application, List<Position> ends, long facts)
      throws Exception {
    AppliedOffsets applied = new AppliedOffsets();
    return timed(
        log,
        application,
        ledgerTopology(log, applied),
        () -> ends.stream().allMatch(applied::covers),
        facts);
  }

  private double count(BenchLog log, String application, long facts) throws Exception {
    AtomicLong counted = new AtomicLong();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            Topics.EVENTS, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("events"))
        .peek(
            (key, value) -> counted.incrementAndGet(),
            org.apache.kafka.streams.kstream.Named.as("peek"))
        .groupByKey(Grouped.with("tenant", Serdes.ByteArray(), Serdes.ByteArray()))
        .count(
            org.apache.kafka.streams.kstream.Named.as("count"),
            Materialized
                .<byte[], Long, KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]>>as(
                    "counts")
                .withKeySerde(Serdes.ByteArray())
                .withValueSerde(Serdes.Long())
                // As the ledger's own statuses: each change reaches the changelog.
                .withCachingDisabled());
    return timed(log, application, builder.build(), () -> counted.get() >= facts, facts);
  }

  /** Condition of a run that is over. */
  private interface Done {
    boolean get();
  }

  /** Facts per second from the moment at which the tasks run. */
  private static double timed(
      BenchLog log, String application, Topology topology, Done done, long facts) throws Exception {
    try (Scratch state = Scratch.make();
        StreamsNode streams = start(log, application, topology, state)) {
      if (!streams.awaitRunning(LIMIT)) {
        throw new IllegalStateException("the topology does not run: " + streams.state());
      }
      long start = System.nanoTime();
      while (!done.get()) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new IllegalStateException("not done within " + LIMIT);
        }
        LockSupport.parkNanos(1_000_000);
      }
      return facts * 1e9 / (System.nanoTime() - start);
    }
  }

  private static StreamsNode start(
      BenchLog log, String application, Topology topology, Scratch state) throws Exception {
    SourceOffsets.ensure(log.connection(), application, log.config().partitions());
    return StreamsNode.start(
        topology,
        new StreamsNode.Settings(
            application,
            log.connection(),
            state.path(),
            application,
            1,
            1,
            MEMORY,
            true,
            "localhost:1"));
  }

  private static Topology ledgerTopology(BenchLog log, AppliedOffsets applied) {
    return LedgerTopology.build(
        log.serde(),
        log.registry(),
        new StoreCodecs(log.catalogue(), log.registry(), Registration.REGISTER),
        LogSource.of(log.connection(), log.serde()),
        SigningSettings.DEFAULT,
        applied,
        new StateChanges(),
        new IntegrityFaults(),
        new Snapshots());
  }

  private Histogram visible(BenchLog log, List<Position> ends) throws Exception {
    AppliedOffsets applied = new AppliedOffsets();
    try (Scratch state = Scratch.make();
        StreamsNode streams = start(log, "bench-visible", ledgerTopology(log, applied), state)) {
      if (!streams.awaitRunning(LIMIT)) {
        throw new IllegalStateException("the topology does not run: " + streams.state());
      }
      for (Position end : ends) {
        if (!applied.await(end, LIMIT)) {
          throw new IllegalStateException("not done within " + LIMIT);
        }
      }
      return OpenLoop.run(
          RATE,
          AT_RATE,
          256,
          worker -> {
            LedgerEvent event =
                lifecycle("tenant%020d".formatted(worker % TENANTS), ids.next()).getFirst();
            Position position = log.ledger().appendAndWait(event);
            if (!applied.await(position, LIMIT)) {
              throw new IllegalStateException("not visible: " + position);
            }
          });
    }
  }

  /** What a signed asset leaves in the log. */
  private List<LedgerEvent> lifecycle(String tenant, String requestId) {
    String digest = Utils.murmur2(requestId.getBytes(java.nio.charset.StandardCharsets.UTF_8)) + "";
    String sha256 = "%64s".formatted(digest.replace("-", "")).replace(' ', 'a');
    KeyVersion key = new KeyVersion("bench-key", SignatureAlgorithm.ES256);
    return List.of(
        new SigningRequested(
            header(tenant),
            requestId,
            sha256,
            false,
            List.of(SignatureFormat.COSE),
            Lane.STANDARD,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Bytes.wrap(new byte[32]),
            "urn:c2pa:" + requestId,
            "xmp:iid:" + requestId,
            Instant.now(),
            List.of(key),
            Optional.empty(),
            0,
            false,
            Optional.empty(),
            0),
        new SigningQueued(header(tenant), requestId, 1),
        new SigningStarted(header(tenant), requestId, 1, "bench"),
        new AssetSigned(
            header(tenant),
            requestId,
            1,
            sha256,
            List.of(
                new Signature(
                    SignatureFormat.COSE,
                    SignatureAlgorithm.ES256,
                    key.keyId(),
                    Bytes.wrap(new byte[110]))),
            Optional.empty(),
            Optional.empty()));
  }

  private EventHeader header(String tenant) {
    String id = ids.next();
    Instant now = Instant.now();
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "bench"),
        "bench",
        id,
        Optional.empty(),
        Optional.empty());
  }
}
