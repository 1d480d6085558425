package com.credlink.ledger.bench;

import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.SourceOffsets;
import com.credlink.ledger.topology.streams.StreamsNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;

/** One topology over a whole log from its start, with the settings of the ledger's own. */
final class StreamsRun {

  /** What takes longer is broken. */
  static final Duration LIMIT = Duration.ofMinutes(3);

  private static final long MEMORY = 64L * 1024 * 1024;

  private StreamsRun() {}

  /**
   * What a log holds.
   *
   * @param facts records of all partitions
   * @param ends the last record of each partition that has any
   */
  record Extent(long facts, List<Position> ends) {

    /** The extent of {@code log} now. */
    static Extent of(BenchLog log) {
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
      return new Extent(facts, ends);
    }
  }

  /** Facts per second of a plain count by key. */
  static double count(BenchLog log, String application, long facts) throws Exception {
    AtomicLong counted = new AtomicLong();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            Topics.EVENTS, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("events"))
        .peek((key, value) -> counted.incrementAndGet(), Named.as("peek"))
        .groupByKey(Grouped.with("tenant", Serdes.ByteArray(), Serdes.ByteArray()))
        .count(
            Named.as("count"),
            Materialized.<byte[], Long, KeyValueStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.ByteArray())
                .withValueSerde(Serdes.Long())
                // As the ledger's own statuses: each change reaches the changelog.
                .withCachingDisabled());
    try (Scratch state = Scratch.make()) {
      return timed(
          log, application, builder.build(), state.path(), () -> counted.get() >= facts, facts);
    }
  }

  /** Facts per second from the moment at which the tasks run. */
  static double timed(
      BenchLog log,
      String application,
      Topology topology,
      Path state,
      BooleanSupplier done,
      long facts)
      throws Exception {
    try (StreamsNode _ = start(log, application, topology, state)) {
      long start = System.nanoTime();
      while (!done.getAsBoolean()) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new IllegalStateException("not done within " + LIMIT);
        }
        LockSupport.parkNanos(1_000_000);
      }
      return facts * 1e9 / (System.nanoTime() - start);
    }
  }

  /** The topology, when its tasks run. */
  static StreamsNode start(BenchLog log, String application, Topology topology, Path state)
      throws Exception {
    SourceOffsets.ensure(log.connection(), application, log.config().partitions());
    StreamsNode streams =
        StreamsNode.start(
            topology,
            new StreamsNode.Settings(
                application,
                log.connection(),
                state,
                application,
                1,
                1,
                MEMORY,
                true,
                "localhost:1"));
    if (!streams.awaitRunning(LIMIT)) {
      streams.close();
      throw new IllegalStateException("the topology does not run: " + streams.state());
    }
    return streams;
  }
}
