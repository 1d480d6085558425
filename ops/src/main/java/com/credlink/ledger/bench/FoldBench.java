package com.credlink.ledger.bench;

import com.credlink.ledger.bench.StreamsRun.Extent;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.wire.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.apache.kafka.streams.Topology;

/**
 * From the log to the signing status, trail and queue, against a plain Streams count over the same
 * log with the same settings; then how long a fact takes to become visible.
 */
final class FoldBench implements Scenario {

  private static final int REQUESTS = 25_000;
  private static final int ROUNDS = 3;
  private static final double TARGET = 0.5;
  private static final int RATE = 1_000;
  private static final Duration AT_RATE = Duration.ofSeconds(15);
  private static final double P99_MILLIS = 250;

  private final BenchFacts facts = new BenchFacts();

  @Override
  public String name() {
    return "fold";
  }

  @Override
  public void run(Report report) throws Exception {
    try (BenchLog log = BenchLog.open()) {
      report.progress("fold: writing " + REQUESTS * BenchFacts.OF_A_REQUEST + " facts");
      BenchFacts.append(log.ledger(), facts.lifecycles(REQUESTS));
      Extent extent = Extent.of(log);
      AtomicLong run = new AtomicLong();
      report.progress("fold: " + ROUNDS + " pairs over " + extent.facts() + " facts");
      report.ratio(
          "fold",
          "log to status, queue and trail : plain count (facts/s)",
          Rounds.of(
              ROUNDS,
              () -> fold(log, "bench-fold-" + run.incrementAndGet(), extent),
              () -> StreamsRun.count(log, "bench-count-" + run.incrementAndGet(), extent.facts())),
          TARGET);
      report.latency(
          "fold", "append to visible at 1,000/s", visible(log, extent.ends()), P99_MILLIS);
    }
  }

  private static double fold(BenchLog log, String application, Extent extent) throws Exception {
    AppliedOffsets applied = new AppliedOffsets();
    try (Scratch state = Scratch.make()) {
      return StreamsRun.timed(
          log,
          application,
          topology(log, applied),
          state.path(),
          () -> extent.ends().stream().allMatch(applied::covers),
          extent.facts());
    }
  }

  private static Topology topology(BenchLog log, AppliedOffsets applied) {
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
        StreamsNode _ =
            StreamsRun.start(log, "bench-visible", topology(log, applied), state.path())) {
      for (Position end : ends) {
        if (!applied.await(end, StreamsRun.LIMIT)) {
          throw new IllegalStateException("not done within " + StreamsRun.LIMIT);
        }
      }
      return OpenLoop.run(
          RATE,
          AT_RATE,
          256,
          worker -> {
            Position position = log.ledger().appendAndWait(facts.request(worker));
            if (!applied.await(position, StreamsRun.LIMIT)) {
              throw new IllegalStateException("not visible: " + position);
            }
          });
    }
  }
}
