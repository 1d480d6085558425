package com.credlink.ledger.bench;

import com.credlink.ledger.bench.StreamsRun.Extent;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.topology.merkle.TreeFold;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.topology.streams.StoreFiles;
import com.credlink.ledger.topology.streams.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The tree of the log: in a topology that does nothing else, against a plain count over the same
 * log; in memory, against nothing but the hashes that it needs; and what it takes on disk.
 */
final class MerkleBench implements Scenario {

  private static final int REQUESTS = 50_000;
  private static final int ROUNDS = 3;
  private static final double TARGET = 0.6;
  private static final int LEAVES = 1_000_000;
  private static final int IN_MEMORY_ROUNDS = 5;
  private static final int ENTRY_BYTES = 96;
  private static final int NODE_BYTES = 1 + 2 * Hash.LENGTH;
  private static final double BYTES_OF_A_RECORD = 40;

  @Override
  public String name() {
    return "merkle";
  }

  @Override
  public void run(Report report) throws Exception {
    report.progress("merkle: " + IN_MEMORY_ROUNDS + " pairs of " + LEAVES + " leaves in memory");
    report.ratio(
        "merkle",
        "tree in memory, with tiles : as many bare hashes (leaves/s)",
        Rounds.of(IN_MEMORY_ROUNDS, MerkleBench::inMemory, MerkleBench::bareHashes));
    try (BenchLog log = BenchLog.open();
        Scratch states = Scratch.make()) {
      report.progress("merkle: writing " + REQUESTS * BenchFacts.OF_A_REQUEST + " facts");
      BenchFacts.append(log.ledger(), new BenchFacts().lifecycles(REQUESTS));
      Extent extent = Extent.of(log);
      AtomicLong run = new AtomicLong();
      report.progress("merkle: " + ROUNDS + " pairs over " + extent.facts() + " facts");
      report.ratio(
          "merkle",
          "log to tree : plain count (leaves/s)",
          Rounds.of(
              ROUNDS,
              () -> tree(log, "bench-tree-" + run.incrementAndGet(), states.path(), extent),
              () -> StreamsRun.count(log, "bench-count-" + run.incrementAndGet(), extent.facts())),
          TARGET);
      report.below(
          "merkle",
          "tree on disk after compaction, for each record",
          (double) StoreFiles.compact(states.path().resolve("bench-tree-1")) / extent.facts(),
          "bytes",
          BYTES_OF_A_RECORD);
    }
  }

  /** Each entry is hashed to a leaf, and each leaf goes into the tiles of a tree. */
  private static double inMemory() {
    TreeHasher hasher = new TreeHasher();
    byte[] entry = new byte[ENTRY_BYTES];
    byte[] leaf = new byte[Hash.LENGTH];
    TileWriter tree = new TileWriter((tile, hashes) -> {});
    long start = System.nanoTime();
    for (int i = 0; i < LEAVES; i++) {
      entry[i & 63]++;
      hasher.leaf(entry, 0, entry.length, leaf, 0);
      tree.append(leaf, 0);
    }
    tree.flush();
    requireUsed(tree.root().toArray());
    return LEAVES * 1e9 / (System.nanoTime() - start);
  }

  /** A tree of n leaves has n hashes of entries and n - 1 of pairs. */
  private static double bareHashes() throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] entry = new byte[1 + ENTRY_BYTES];
    byte[] pair = new byte[NODE_BYTES];
    byte[] digest = new byte[Hash.LENGTH];
    long start = System.nanoTime();
    for (int i = 0; i < LEAVES; i++) {
      entry[i & 63]++;
      digest = sha256.digest(entry);
      pair[i & 63] ^= digest[0];
      digest = sha256.digest(pair);
    }
    requireUsed(digest);
    return LEAVES * 1e9 / (System.nanoTime() - start);
  }

  /** So that the compiler cannot leave out what nobody looks at. */
  private static void requireUsed(byte[] hash) {
    if (hash.length != Hash.LENGTH) {
      throw new IllegalStateException("no hash");
    }
  }

  private static double tree(BenchLog log, String application, Path states, Extent extent)
      throws Exception {
    AppliedOffsets applied = new AppliedOffsets();
    Topology topology = new Topology();
    topology
        .addSource(
            "events",
            new ByteArrayDeserializer(),
            LogValue.deserializer(log.serde()),
            Topics.EVENTS)
        .addProcessor("grow", () -> new Grow(applied), "events")
        .addStateStore(
            LogStore.builder(
                Stores.TREE,
                () -> new TreeFold(new EntryHasher(log.registry())),
                LogSource.of(log.connection(), log.serde())),
            "grow");
    return StreamsRun.timed(
        log,
        application,
        topology,
        Files.createDirectories(states.resolve(application)),
        () -> extent.ends().stream().allMatch(applied::covers),
        extent.facts());
  }

  /** Puts every record into the tree, and does nothing else. */
  private static final class Grow implements Processor<byte[], LogValue, Void, Void> {
    private final AppliedOffsets applied;
    private ProcessorContext<Void, Void> context;
    private LogStore tree;

    Grow(AppliedOffsets applied) {
      this.applied = applied;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      this.context = context;
      this.tree = context.getStateStore(Stores.TREE);
    }

    @Override
    public void process(Record<byte[], LogValue> message) {
      RecordMetadata at = context.recordMetadata().orElseThrow();
      Position position = new Position(at.partition(), at.offset());
      tree.apply(new LogEntry(position, message.key(), message.timestamp(), message.value()));
      applied.advance(at.partition(), at.offset());
    }
  }
}
