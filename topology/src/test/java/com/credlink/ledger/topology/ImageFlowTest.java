package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.ShopUninstalled;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a delivery to the image's bytes. */
class ImageFlowTest {

  private static final Duration LEASE = SigningSettings.DEFAULT.lease();
  private static final String SHA256 = "cd".repeat(32);
  private static final int OUT = 64;

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts();

  @BeforeEach
  void open() {
    topology = new TestTopology(directory.resolve("state"));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldSayWhatToFetchForWhom() {
    WebhookReceived delivery = facts.webhook("d-1", "first", "//cdn/a.jpg");

    topology.append(delivery);

    assertThat(topology.fetchJobs())
        .containsExactly(
            new FetchJob(
                Facts.TENANT,
                new ImageOrigin(delivery.eventId(), "i-//cdn/a.jpg", "//cdn/a.jpg"),
                1,
                "correlation"));
  }

  @Test
  void shouldFetchEveryImageOfAProductThatHasMoreThanALaneHasPlaces() {
    String[] sources = IntStream.range(0, 200).mapToObj(i -> "//cdn/" + i).toArray(String[]::new);

    topology.append(facts.webhook("d-1", "first", sources));
    Deque<FetchJob> out = new ArrayDeque<>(topology.fetchJobs());
    List<String> fetched = new ArrayList<>();
    while (!out.isEmpty()) {
      assertThat(out).hasSizeLessThanOrEqualTo(OUT);
      FetchJob job = out.poll();
      fetched.add(job.origin().source());
      topology.append(facts.stored(job.origin(), SHA256));
      out.addAll(topology.fetchJobs());
    }

    assertThat(fetched).containsExactly(sources);
  }

  @Test
  void shouldFetchAgainWhenTheTimeHasComeAndNotBefore() {
    ImageOrigin origin = named("//cdn/a.jpg");

    topology.append(facts.fetchFailed(origin, 1, Optional.of(after(5))));
    topology.pass(Duration.ofMillis(4_900));
    assertThat(topology.fetchJobs()).as("before its time").isEmpty();
    topology.pass(Duration.ofMillis(200));

    assertThat(topology.fetchJobs())
        .singleElement()
        .satisfies(job -> assertThat(job.attempt()).isEqualTo(2))
        .satisfies(job -> assertThat(job.origin()).isEqualTo(origin));
  }

  @Test
  void shouldGiveUpAnImageThatNoRetryHelps() {
    ImageOrigin origin = named("//cdn/a.jpg");

    topology.append(facts.fetchFailed(origin, 1, Optional.empty()));
    topology.pass(LEASE.multipliedBy(2));
    topology.append(facts.webhook("d-2", "second", "//cdn/a.jpg"));

    assertThat(topology.fetchJobs()).isEmpty();
    assertThat(topology.proposals()).isEmpty();
  }

  @Test
  void shouldSendAFetchAgainOnlyWhenItsOwnLeaseHasEnded() {
    ImageOrigin origin = named("//cdn/a.jpg");
    topology.append(facts.fetchFailed(origin, 1, Optional.of(after(30))));
    topology.pass(Duration.ofSeconds(31));
    assertThat(topology.fetchJobs()).extracting(FetchJob::attempt).containsExactly(2);

    topology.pass(LEASE.minusSeconds(30));
    assertThat(topology.fetchJobs()).as("the lease of the first attempt").isEmpty();
    topology.pass(Duration.ofSeconds(30));

    assertThat(topology.fetchJobs()).extracting(FetchJob::attempt).containsExactly(2);
  }

  @Test
  void shouldNotFetchForASecondDeliveryOfTheSameBody() {
    topology.append(facts.webhook("d-1", "body", "//cdn/a.jpg"));
    topology.append(facts.webhook("d-2", "body", "//cdn/b.jpg"));

    assertThat(topology.fetchJobs())
        .extracting(job -> job.origin().source())
        .containsExactly("//cdn/a.jpg");
    assertThat(topology.trail().getLast().sameBodyAs())
        .contains(topology.trail().getFirst().eventId());
  }

  @Test
  void shouldRememberADeliveryForTwoDays() {
    topology.append(facts.webhook("d-1", "body", "//cdn/a.jpg"));
    topology.append(facts.at(after(48 * 3600)).webhook("d-1", "body", "//cdn/b.jpg"));
    topology.append(facts.at(after(48 * 3600 + 1)).webhook("d-1", "body", "//cdn/c.jpg"));

    assertThat(topology.fetchJobs())
        .extracting(job -> job.origin().source())
        .containsExactly("//cdn/a.jpg", "//cdn/c.jpg");
  }

  @Test
  void shouldProposeOnceThatAShopIsGone() {
    for (int i = 0; i < 3; i++) {
      topology.append(facts.delivery("app/uninstalled", "d-1", "body"));
    }

    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            ShopUninstalled.class,
            gone ->
                assertThat(gone.webhookEventId()).isEqualTo(topology.trail().getFirst().eventId()));
  }

  /**
   * Retries begin by the clock, so a fold that reads the log again meets outcomes before it would
   * have begun the attempts itself.
   */
  @Test
  void shouldComeToTheSameImagesWhateverTheClockOfTheReplay() {
    List<LedgerEvent> log = new ArrayList<>();
    append(log, facts.webhook("d-1", "body", "//cdn/a", "//cdn/b", "//cdn/c"));
    List<ImageOrigin> origins = topology.fetchJobs().stream().map(FetchJob::origin).toList();
    origins.forEach(o -> append(log, facts.fetchFailed(o, 1, Optional.of(after(5)))));
    topology.pass(Duration.ofSeconds(6));
    append(log, facts.stored(origins.get(0), SHA256));
    append(log, facts.fetchFailed(origins.get(1), 2, Optional.empty()));
    append(log, facts.fetchFailed(origins.get(2), 2, Optional.of(after(20))));

    try (var replay = topology.rebuilt(directory.resolve("rebuilt"), after(3))) {
      log.forEach(replay::append);
      assertThat(replay.rows(Kind.IMAGES)).isEqualTo(topology.rows(Kind.IMAGES)).hasSize(3);
      assertThat(replay.rows(Kind.LANES)).isEqualTo(topology.rows(Kind.LANES));
      replay.fetchJobs();
      replay.pass(Duration.ofSeconds(10));
      assertThat(replay.fetchJobs()).as("attempts that have had their outcome").isEmpty();
    }
  }

  private void append(List<LedgerEvent> log, LedgerEvent event) {
    log.add(event);
    topology.append(event);
  }

  private ImageOrigin named(String source) {
    topology.append(facts.webhook("d-1", "first", source));
    return topology.fetchJobs().getFirst().origin();
  }

  private static Instant after(int seconds) {
    return TestTopology.START.plusSeconds(seconds);
  }
}
