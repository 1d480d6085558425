package com.credlink.ledger.topology;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.projections.signing.ImageState;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What may happen to two shops: deliveries, requests, workers that succeed, fail or never come
 * back, records that reach the log twice, and time that passes. Drawn from a seed; in the end the
 * workers do all that is left.
 */
final class Day {

  private static final int STEPS = 60;
  private static final int ROUNDS = 40;
  private static final Set<String> SETTLED = Set.of("SIGNED", "DEAD_LETTERED", "CANCELLED");

  private static final Set<ImageState.Status> DONE =
      Set.of(ImageState.Status.STORED, ImageState.Status.FAILED);

  private final TestTopology topology;
  private final Random random;
  private final List<Facts> shops = List.of(new Facts(), new Facts("bbbbbbbbbbbbbbbbbbbbbbbbbb"));
  private final List<LedgerEvent> log = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final Map<String, String> statuses = new TreeMap<>();
  private Instant now = TestTopology.START;

  Day(TestTopology topology, long seed) {
    this.topology = topology;
    this.random = new Random(seed);
  }

  /** Every record that came into the log, in its order. */
  List<LedgerEvent> log() {
    return log;
  }

  /** Requests and images that were forgotten: in the end nothing waits any more. */
  List<String> unfinished() {
    return Stream.concat(
            statuses.entrySet().stream()
                .filter(status -> !SETTLED.contains(status.getValue()))
                .map(Map.Entry::toString),
            topology.values(Kind.IMAGES).stream()
                .map(topology.codecs().image()::deserialize)
                .filter(image -> !DONE.contains(image.status()))
                .map(ImageState::toString))
        .toList();
  }

  void live() {
    for (int step = 0; step < STEPS; step++) {
      Facts shop = shops.get(random.nextInt(shops.size()));
      switch (random.nextInt(8)) {
        case 0 -> append(shop.webhook("d" + random.nextInt(20), "b" + step, source(), source()));
        case 1 -> append(shop.requested("r" + step));
        case 2 -> append(shop.cancelled("r" + random.nextInt(step + 1)));
        case 3 -> append(log.isEmpty() ? shop.installed() : log.get(random.nextInt(log.size())));
        case 4 -> pass(Duration.ofMillis(random.nextInt(20_000)));
        default -> work(true);
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      while (!jobs.isEmpty()) {
        work(false);
      }
      pass(Duration.ofSeconds(61));
    }
  }

  private String source() {
    return "//cdn/" + random.nextInt(30);
  }

  /** A worker takes a job; the last ones do not fail any more. */
  private void work(boolean mayFail) {
    if (jobs.isEmpty()) {
      return;
    }
    Job job = jobs.remove(random.nextInt(jobs.size()));
    int luck = mayFail ? random.nextInt(6) : 0;
    Optional<Instant> dueAt =
        luck == 1 ? Optional.empty() : Optional.of(now.plusMillis(random.nextInt(30_000)));
    Facts shop = job.tenant().equals(Facts.TENANT) ? shops.getFirst() : shops.getLast();
    switch (job) {
      case FetchJob fetch when luck == 0 -> append(shop.stored(fetch.origin(), "cd".repeat(32)));
      case FetchJob fetch when luck < 4 ->
          append(shop.fetchFailed(fetch.origin(), fetch.attempt(), dueAt));
      case SignJob sign when luck == 0 -> {
        append(shop.started(sign.requestId(), sign.attempt()));
        append(shop.signed(sign.requestId(), sign.attempt(), sign.digest()));
      }
      case SignJob sign when luck < 4 -> {
        append(shop.started(sign.requestId(), sign.attempt()));
        append(shop.failed(sign.requestId(), sign.attempt(), dueAt));
      }
      case SignJob sign -> append(shop.started(sign.requestId(), sign.attempt()));
      case FetchJob lost -> pass(Duration.ofSeconds(1));
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    shops.forEach(shop -> shop.at(now));
    topology.pass(time);
    settle();
  }

  private void append(LedgerEvent event) {
    log.add(event);
    topology.append(event);
    settle();
  }

  /** What the clerk, the workers' lane and the public status have of the last step. */
  private void settle() {
    for (List<LedgerEvent> proposed = topology.proposals();
        !proposed.isEmpty();
        proposed = topology.proposals()) {
      log.addAll(proposed);
      proposed.forEach(topology::append);
    }
    jobs.addAll(topology.jobs());
    for (SigningStatus status : topology.statuses()) {
      statuses.put(status.tenant() + '/' + status.requestId(), status.status());
    }
  }
}
