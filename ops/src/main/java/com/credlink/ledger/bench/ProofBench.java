package com.credlink.ledger.bench;

import com.credlink.ledger.bench.IngestBench.Connections;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * From the acknowledgement of a fact to a published checkpoint over it with both signatures; proofs
 * of a node that has a million facts; and from kill -9 to the first answer.
 */
final class ProofBench implements Scenario {

  private static final int SMALL = 100_000;
  private static final double SMALL_SECONDS = 10;
  private static final int LARGE = 1_000_000;
  private static final double LARGE_SECONDS = 30;
  private static final int RATE = 2_000;
  private static final Duration AT_RATE = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final int APPENDERS = 64;
  private static final double SIGNED_MILLIS = 1_500;
  private static final int PROOF_RATE = 200;
  private static final int PROOF_WORKERS = 8;
  private static final double PROOF_MILLIS = 10;
  private static final int SAMPLED = 1_000;
  private static final int LOOK_MILLIS = 5;

  private final BenchFacts facts = new BenchFacts();

  @Override
  public String name() {
    return "proof";
  }

  @Override
  public void run(Report report) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      Path data = scratch.path().resolve("data");
      List<String> sampled = new ArrayList<>();
      try (NodeProcess node = NodeProcess.start(data);
          Producer producer = Producer.to(node)) {
        report.progress("proof: " + RATE + "/s for " + AT_RATE.toSeconds() + " s");
        var _ = signed(producer, WARM_UP);
        report.latency(
            "proof",
            "acknowledged to checkpoint with both signatures, at 2,000/s",
            signed(producer, AT_RATE),
            SIGNED_MILLIS);
        fill(report, producer, SMALL);
        node.kill();
      }
      again(report, data, SMALL, SMALL_SECONDS);
      try (NodeProcess node = NodeProcess.start(data);
          Producer producer = Producer.to(node)) {
        fill(report, producer, LARGE);
        sampled.addAll(sample(producer));
        proofs(report, node, sampled);
        node.kill();
      }
      again(report, data, LARGE, LARGE_SECONDS);
    }
  }

  /** Appends until so many facts are in checkpoints. */
  private void fill(Report report, Producer producer, int wanted) throws IOException {
    int missing;
    try (HttpConnection connection = new HttpConnection(producer.node())) {
      missing = Math.toIntExact(wanted - producer.signed(connection));
    }
    report.progress("proof: writing %,d facts".formatted(missing));
    BenchFacts.append(producer.ledger(), IntStream.range(0, missing).mapToObj(facts::decision));
    producer.awaitSigned(wanted);
  }

  /** Ids of facts of all merchants, each of them in a checkpoint. */
  private List<String> sample(Producer producer) throws IOException {
    List<LedgerEvent> some = IntStream.range(0, SAMPLED).mapToObj(facts::decision).toList();
    List<Position> positions = some.stream().map(producer.ledger()::appendAndWait).toList();
    for (Position each : positions) {
      producer.awaitSigned(each);
    }
    return some.stream().map(LedgerEvent::eventId).toList();
  }

  private static void again(Report report, Path data, int size, double seconds) throws Exception {
    long killed = System.nanoTime();
    try (NodeProcess node = NodeProcess.start(data);
        HttpConnection connection = new HttpConnection(node.url())) {
      var _ = Producer.signed(connection, 0);
      report.below(
          "proof",
          "kill -9 to first answer, %,d facts".formatted(size),
          (System.nanoTime() - killed) / 1e9,
          "s",
          seconds);
    }
  }

  private static void proofs(Report report, NodeProcess node, List<String> ids) throws Exception {
    report.progress("proof: proofs at " + PROOF_RATE + "/s");
    Map<String, String> auditor =
        Map.of(
            "Authorization",
            "Bearer "
                + node.credentials().token("auditor", Optional.empty()).orElseThrow().reveal());
    long newest;
    try (HttpConnection connection = new HttpConnection(node.url())) {
      newest = Producer.signed(connection, 0);
    }
    report.latency(
        "proof",
        "consistency of a random size with the newest, at 200/s",
        at(
            node.url(),
            Map.of(),
            () ->
                "/tlog/0/consistency?from=%d&to=%d"
                    .formatted(ThreadLocalRandom.current().nextLong(1, newest), newest)),
        PROOF_MILLIS);
    report.latency(
        "proof",
        "inclusion of an event, its access decided and durable, at 200/s",
        at(
            node.url(),
            auditor,
            () ->
                "/v1/events/%s/proof"
                    .formatted(ids.get(ThreadLocalRandom.current().nextInt(ids.size())))),
        PROOF_MILLIS);
  }

  /** What is asked next. */
  @FunctionalInterface
  private interface Paths {
    String next();
  }

  private static Histogram at(URI server, Map<String, String> headers, Paths paths)
      throws Exception {
    try (Connections to = Connections.to(server, PROOF_WORKERS)) {
      OpenLoop.Request request =
          worker -> to.get(worker).send("GET", paths.next(), headers, new byte[0]);
      OpenLoop.run(PROOF_RATE, WARM_UP, PROOF_WORKERS, request);
      return OpenLoop.run(PROOF_RATE, AT_RATE, PROOF_WORKERS, request);
    }
  }

  /** Microseconds from the acknowledgement of a fact until its checkpoint is published. */
  private Histogram signed(Producer producer, Duration duration) throws Exception {
    List<Acknowledged> partitions =
        Stream.generate(Acknowledged::new).limit(producer.partitions()).toList();
    AtomicBoolean over = new AtomicBoolean();
    Failure failure = new Failure();
    Thread looks =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    look(producer.node(), partitions, over);
                  } catch (IOException | RuntimeException e) {
                    failure.set(e);
                  }
                });
    OpenLoop.run(
        RATE,
        duration,
        APPENDERS,
        worker -> {
          Position position =
              producer
                  .ledger()
                  .appendAndWait(facts.decision(ThreadLocalRandom.current().nextInt(1_000)));
          partitions.get(position.partition()).at(position.offset());
        });
    over.set(true);
    looks.join();
    failure.rethrow();
    Histogram all = partitions.getFirst().micros.copy();
    partitions.stream().skip(1).forEach(each -> all.add(each.micros));
    return all;
  }

  /** Asks each partition again and again, until all that was acknowledged is signed. */
  private static void look(URI node, List<Acknowledged> partitions, AtomicBoolean over)
      throws IOException {
    try (HttpConnection connection = new HttpConnection(node)) {
      while (!over.get() || partitions.stream().anyMatch(each -> !each.waiting.isEmpty())) {
        for (int partition = 0; partition < partitions.size(); partition++) {
          partitions.get(partition).signed(Producer.signed(connection, partition));
        }
        LockSupport.parkNanos(LOOK_MILLIS * 1_000_000L);
      }
    }
  }

  /** Facts of one partition that wait for their checkpoint, and how long others waited. */
  private static final class Acknowledged {
    private static final long MOST_MICROS = 60_000_000;

    private final ConcurrentSkipListMap<Long, Long> waiting = new ConcurrentSkipListMap<>();
    private final Histogram micros = new ConcurrentHistogram(MOST_MICROS, 3);

    void at(long offset) {
      waiting.put(offset, System.nanoTime());
    }

    void signed(long size) {
      long now = System.nanoTime();
      for (var each = waiting.firstEntry();
          each != null && each.getKey() < size;
          each = waiting.firstEntry()) {
        micros.recordValue(Math.clamp((now - each.getValue()) / 1_000, 1, MOST_MICROS));
        waiting.remove(each.getKey());
      }
    }
  }
}
