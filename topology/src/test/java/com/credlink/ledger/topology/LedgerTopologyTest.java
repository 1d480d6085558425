package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTopologyTest {

  private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");
  private static final Duration LEASE = Duration.ofSeconds(60);
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

  /**
   * Names of stores and internal topics are where state lies: a changed one is lost state. Whoever
   * means it changes {@link LedgerTopology#APPLICATION_ID} and the file.
   */
  @Test
  void shouldBeTheTopologyThatIsWrittenDown() throws Exception {
    assertThat(topology.topology().describe().toString().strip())
        .as("if this is meant, write it to topology/" + GOLDEN)
        .isEqualTo(Files.readString(GOLDEN).strip());
  }

  // ---- webhooks

  @Test
  void shouldAskForEachImageOnce() {
    topology.append(facts.installed());
    topology.append(facts.webhook("d-1", "first", "//cdn/a.jpg", "//cdn/b.jpg"));
    topology.append(facts.webhook("d-2", "second", "//cdn/b.jpg", "//cdn/c.jpg"));

    assertThat(topology.fetchJobs())
        .extracting(job -> job.origin().source())
        .containsExactly("//cdn/a.jpg", "//cdn/b.jpg", "//cdn/c.jpg");
  }

  @Test
  void shouldCountOneDeliveryOfEightEqualOnes() {
    var deliveries = new ArrayList<WebhookReceived>();
    for (int i = 0; i < 8; i++) {
      deliveries.add(facts.webhook("same", "body", "//cdn/once.jpg"));
    }

    deliveries.forEach(topology::append);

    assertThat(topology.fetchJobs()).hasSize(1);
    assertThat(topology.trail())
        .extracting(TrailRow::duplicateOf)
        .containsExactlyInAnyOrderElementsOf(
            duplicates(deliveries.getFirst().eventId(), deliveries.size() - 1));
  }

  private static List<Optional<String>> duplicates(String first, int count) {
    List<Optional<String>> expected = new ArrayList<>(List.of(Optional.empty()));
    for (int i = 0; i < count; i++) {
      expected.add(Optional.of(first));
    }
    return expected;
  }

  @Test
  void shouldProposeARequestWhenAnImageIsThere() {
    topology.append(facts.webhook("d-1", "first", "//cdn/a.jpg"));
    ImageOrigin origin = topology.fetchJobs().getFirst().origin();

    topology.append(facts.stored(origin, "cd".repeat(32)));
    topology.append(facts.stored(origin, "cd".repeat(32)));

    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            SigningRequested.class,
            request -> {
              assertThat(request.digest()).isEqualTo("cd".repeat(32));
              assertThat(request.origin()).contains(origin);
              assertThat(request.tenant()).isEqualTo(Facts.TENANT);
            });
  }

  // ---- signing

  @Test
  void shouldQueueARequestAndFollowItToItsSignature() {
    topology.append(facts.requested("r"));
    assertThat(topology.proposals()).singleElement().isInstanceOf(SigningQueued.class);
    topology.append(facts.requested("r"));
    assertThat(topology.proposals()).as("a second record of one request").isEmpty();

    topology.append(facts.queued("r", 1));
    assertThat(topology.signJobs()).extracting(SignJob::requestId).containsExactly("r");
    topology.append(facts.started("r", 1));
    topology.append(facts.signed("r", 1));

    assertThat(topology.statuses())
        .extracting(SigningStatus::status)
        .containsExactly("REQUESTED", "QUEUED", "SIGNING", "SIGNED");
  }

  @Test
  void shouldTryAgainWhenTheTimeHasCome() {
    topology.append(facts.requested("r"));
    topology.append(facts.queued("r", 1));
    topology.sent(Topics.JOBS_STANDARD);
    topology.proposals();

    topology.append(facts.started("r", 1));
    topology.append(facts.failed("r", 1, TestTopology.START.plusSeconds(5)));
    topology.pass(Duration.ofSeconds(4));
    assertThat(topology.proposals()).as("before its time").isEmpty();
    topology.pass(Duration.ofSeconds(2));

    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            SigningQueued.class, again -> assertThat(again.attempt()).isEqualTo(2));
    assertThat(topology.statuses())
        .last()
        .extracting(SigningStatus::status)
        .isEqualTo("RETRY_SCHEDULED");
  }

  @Test
  void shouldSendAJobAgainWhenItsLeaseHasEnded() {
    topology.append(facts.requested("r"));
    topology.append(facts.queued("r", 1));
    assertThat(topology.signJobs()).hasSize(1);

    topology.pass(LEASE.plusSeconds(1));

    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(1);
  }

  @Test
  void shouldHave64JobsOfATenantAndLaneOutAndNoMore() {
    for (int i = 0; i < OUT + 3; i++) {
      topology.append(facts.requested("r" + i));
      topology.append(facts.queued("r" + i, 1));
    }
    assertThat(topology.signJobs()).hasSize(OUT);

    topology.append(facts.started("r0", 1));
    topology.append(facts.signed("r0", 1));

    assertThat(topology.signJobs()).extracting(SignJob::requestId).containsExactly("r" + OUT);
  }

  // ---- what is no fact

  @Test
  void shouldPutWhatIsNoEventIntoQuarantineAndGoOn() {
    topology.appendBytes(Facts.TENANT, "no event".getBytes(UTF_8));
    topology.append(facts.webhook("d-1", "first", "//cdn/a.jpg"));

    assertThat(topology.sent(Topics.QUARANTINE)).hasSize(1);
    assertThat(topology.fetchJobs()).hasSize(1);
    assertThat(topology.applied().of(0)).hasValue(1);
  }

  /** A producer that was cut off may write a fact again long after. */
  @Test
  void shouldNotInstallAShopAgainBecauseAFactIsInTheLogTwice() {
    LedgerEvent installed = facts.installed();
    topology.append(installed);
    topology.append(facts.uninstalled());

    topology.append(installed);

    assertThat(topology.table(Kind.INTAKE).get(IntakeKeys.shop(Facts.TENANT)))
        .isEqualTo(new byte[] {0});
  }

  // ---- the same log

  @Test
  void shouldDeriveTheSameBytesFromTheSameLog() {
    List<LedgerEvent> log = log(new Random(7));

    List<Object> first = replay(log, "one");
    List<Object> second = replay(log, "two");

    assertThat(second).isEqualTo(first);
  }

  private List<Object> replay(List<LedgerEvent> log, String name) {
    List<Object> derived = new ArrayList<>();
    try (var other = new TestTopology(directory.resolve(name))) {
      log.forEach(other::append);
      for (Kind table : Kind.values()) {
        if (table != Kind.DUE) {
          derived.add(other.rows(table));
        }
      }
      derived.add(other.rows(Stores.SIGNING_BY_TENANT));
      derived.add(other.rows(Stores.TRAIL));
      assertThat(derived).allMatch(rows -> !rows.toString().equals("{}"));
      assertThat(new HashSet<>(derived)).hasSameSizeAs(derived);
      derived.addAll(other.proposals());
    }
    return derived;
  }

  private List<LedgerEvent> log(Random random) {
    List<LedgerEvent> log = new ArrayList<>(List.of(facts.installed()));
    WebhookReceived raced = facts.product("product", "raced", "raced", "//cdn/raced");
    log.add(raced);
    log.add(new Facts("other").product("product", "raced", "raced", "//cdn/raced"));
    log.add(facts.suspected(raced));
    log.add(facts.requested("signed"));
    log.add(facts.queued("signed", 1));
    log.add(facts.started("signed", 1));
    log.add(facts.signed("signed", 1));
    for (int i = 0; i < 40; i++) {
      String id = "r" + random.nextInt(12);
      log.add(
          switch (random.nextInt(6)) {
            case 0 -> facts.requested(id);
            case 1 -> facts.queued(id, 1 + random.nextInt(2));
            case 2 -> facts.signed(id, 1 + random.nextInt(2));
            case 3 -> facts.started(id, 1 + random.nextInt(2));
            case 4 -> facts.failed(id, 1, TestTopology.START.plusSeconds(random.nextInt(9)));
            default ->
                facts.webhook("d" + random.nextInt(9), "b" + random.nextInt(9), "//cdn/" + id);
          });
    }
    return log;
  }
}
