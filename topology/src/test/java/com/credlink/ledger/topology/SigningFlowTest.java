package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.SignatureSuppressed;
import com.credlink.ledger.event.SigningDeadLettered;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.signing.NextSteps;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.topology.signing.SigningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request to its signature, with the clerk. */
class SigningFlowTest {

  private static final Duration LEASE = SigningSettings.DEFAULT.lease();
  private static final int MAX_PENDING = 70;
  private static final int OUT = 64;

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts().limitedTo(MAX_PENDING);

  @BeforeEach
  void open() {
    topology =
        new TestTopology(
            directory.resolve("state"), TestTopology.START, new SigningSettings(LEASE));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldSignAtTheSecondAttempt() {
    request("r");
    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(1);

    topology.append(facts.started("r", 1));
    topology.append(facts.failed("r", 1, after(5)));
    topology.pass(Duration.ofSeconds(6));
    topology.clerk();
    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(2);
    topology.append(facts.started("r", 2));
    topology.append(facts.signed("r", 2));

    assertThat(topology.statuses())
        .extracting(SigningStatus::status)
        .containsExactly(
            "REQUESTED", "QUEUED", "SIGNING", "RETRY_SCHEDULED", "QUEUED", "SIGNING", "SIGNED");
    topology.pass(LEASE.multipliedBy(3));
    topology.clerk();
    assertThat(topology.signJobs()).as("after its signature").isEmpty();
  }

  @Test
  void shouldPublishWhereARequestStandsUnderTenantAndRequest() {
    SigningRequested requested = facts.requested("r");

    topology.append(requested);

    assertThat(topology.records(Topics.STATUS))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(new String(record.key(), UTF_8)).isEqualTo(Facts.TENANT + "/r");
              assertThat(topology.codecs().status().deserialize(record.value()))
                  .isEqualTo(
                      new SigningStatus(
                          Facts.TENANT,
                          "r",
                          "REQUESTED",
                          0,
                          Optional.empty(),
                          Lane.STANDARD,
                          requested.digest(),
                          TestTopology.START,
                          TestTopology.START,
                          requested.eventId(),
                          0,
                          0));
            });
  }

  @Test
  void shouldSendEachLaneToItsOwnTopic() {
    topology.append(facts.requested("urgent", Lane.INTERACTIVE));
    topology.append(facts.requested("usual", Lane.STANDARD));
    topology.append(facts.requested("patient", Lane.BULK));
    topology.clerk();

    assertThat(requestsOn(Topics.JOBS_INTERACTIVE)).containsExactly("urgent");
    assertThat(requestsOn(Topics.JOBS_STANDARD)).containsExactly("usual");
    assertThat(requestsOn(Topics.JOBS_BULK)).containsExactly("patient");
  }

  @Test
  void shouldSendAJobAgainOnlyWhenItsOwnLeaseHasEnded() {
    request("r");
    topology.append(facts.started("r", 1));
    topology.append(facts.failed("r", 1, after(30)));
    topology.pass(Duration.ofSeconds(31));
    topology.clerk();
    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(1, 2);

    topology.pass(LEASE.minusSeconds(30));
    assertThat(topology.signJobs()).as("the lease of the first attempt").isEmpty();
    topology.pass(Duration.ofSeconds(30));
    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(2);
    topology.pass(LEASE.minusSeconds(1));
    assertThat(topology.signJobs()).as("the lease has begun anew").isEmpty();
    topology.pass(Duration.ofSeconds(2));

    assertThat(topology.signJobs()).extracting(SignJob::attempt).containsExactly(2);
  }

  @Test
  void shouldTakeAJobForPoisonThatNobodyComesBackFrom() {
    request("r");
    for (int start = 1; start <= NextSteps.MAX_STARTS; start++) {
      assertThat(topology.signJobs()).as("start " + start).hasSize(1);
      topology.append(facts.started("r", 1));
      topology.pass(LEASE.plusMillis(100));
    }

    assertThat(topology.signJobs()).isEmpty();
    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            SigningDeadLettered.class, end -> assertThat(end.errorClass()).isEqualTo("poison"));
  }

  @Test
  void shouldNotTryAgainWhatNoRetryHelps() {
    request("r");

    topology.append(facts.started("r", 1));
    topology.append(facts.failed("r", 1, Optional.empty()));
    topology.clerk();

    assertThat(topology.statuses())
        .last()
        .extracting(SigningStatus::status)
        .isEqualTo("DEAD_LETTERED");
  }

  @Test
  void shouldSetASecondSignatureAside() {
    request("r");
    topology.append(facts.started("r", 1));
    topology.append(facts.signed("r", 1));
    AssetSigned second = facts.signed("r", 1);

    topology.append(second);

    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            SignatureSuppressed.class,
            aside -> assertThat(aside.signedEventId()).isEqualTo(second.eventId()));
  }

  @Test
  void shouldSetASignatureAsideThatComesAfterARequestWasGivenUp() {
    request("r");
    topology.append(facts.started("r", 1));
    topology.append(facts.failed("r", 1, Optional.empty()));
    topology.clerk();
    AssetSigned late = facts.signed("r", 1);

    topology.append(late);

    assertThat(topology.proposals())
        .singleElement()
        .isInstanceOfSatisfying(
            SignatureSuppressed.class,
            aside -> assertThat(aside.signedEventId()).isEqualTo(late.eventId()));
  }

  // ---- the same fact twice

  /** The first record came too early to count; the second is no other fact. */
  @Test
  void shouldNotJudgeAFactAnewThatIsInTheLogTwice() {
    topology.append(facts.requested("r"));
    var early = facts.started("r", 1);
    topology.append(early);
    topology.clerk();

    topology.append(early);

    assertThat(topology.statuses()).last().extracting(SigningStatus::status).isEqualTo("QUEUED");
  }

  // ---- admission

  @Test
  void shouldMakeOneRequestOfAnIdempotencyKeyForTwoDays() {
    topology.append(facts.requested("first", "key", "content"));
    topology.append(facts.requested("same", "key", "content"));
    topology.append(facts.requested("other-content", "key", "other"));
    topology.append(facts.requested("other-key", "key-2", "content"));
    topology.append(facts.at(after(2 * 24 * 3600 + 1)).requested("later", "key", "content"));

    assertThat(topology.statuses())
        .extracting(SigningStatus::requestId)
        .containsExactly("first", "other-key", "later");
  }

  @Test
  void shouldTakeNoMoreRequestsThanMayBePendingUntilOneIsSettled() {
    for (int i = 0; i < MAX_PENDING; i++) {
      request("r" + i);
    }
    topology.statuses();

    topology.append(facts.requested("too-many"));
    assertThat(topology.statuses()).isEmpty();
    topology.append(facts.cancelled("r69"));
    topology.append(facts.requested("one-more"));
    topology.append(facts.requested("again-too-many"));

    assertThat(topology.statuses())
        .extracting(SigningStatus::requestId)
        .containsExactly("r69", "one-more");
  }

  // ---- lanes

  @Test
  void shouldSendTheNextJobWhateverWayOneEnds() {
    fill();

    topology.append(facts.started("r0", 1));
    topology.append(facts.signed("r0", 1));
    assertThat(requestsOn(Topics.JOBS_STANDARD)).as("after a signature").containsExactly("r64");
    topology.append(facts.started("r1", 1));
    topology.append(facts.failed("r1", 1, after(3_600)));
    assertThat(requestsOn(Topics.JOBS_STANDARD)).as("after a failure").containsExactly("r65");
    topology.append(facts.cancelled("r2"));

    assertThat(requestsOn(Topics.JOBS_STANDARD)).as("after a cancel").containsExactly("r66");
  }

  @Test
  void shouldPassOverAJobThatWasCancelledWhileItWaited() {
    fill();

    topology.append(facts.cancelled("r64"));
    topology.append(facts.cancelled("r65"));
    assertThat(requestsOn(Topics.JOBS_STANDARD)).isEmpty();
    topology.append(facts.cancelled("r0"));

    assertThat(requestsOn(Topics.JOBS_STANDARD)).containsExactly("r66");
  }

  @Test
  void shouldSendOnlyWhatIsOutAgainWhenLeasesEnd() {
    fill();

    topology.pass(LEASE.plusSeconds(1));

    assertThat(requestsOn(Topics.JOBS_STANDARD)).hasSize(OUT).doesNotContain("r64", "r65", "r66");
  }

  @Test
  void shouldNotLetOneTenantWaitForAnother() {
    fill();
    Facts other = new Facts("bbbbbbbbbbbbbbbbbbbbbbbbbb").limitedTo(MAX_PENDING);

    topology.append(other.requested("their"));
    topology.clerk();

    assertThat(requestsOn(Topics.JOBS_STANDARD)).containsExactly("their");
  }

  /** As many jobs out as may be, r64, r65 and r66 waiting. */
  private void fill() {
    for (int i = 0; i < OUT + 3; i++) {
      request("r" + i);
    }
    assertThat(Set.copyOf(requestsOn(Topics.JOBS_STANDARD))).hasSize(OUT);
  }

  private void request(String requestId) {
    topology.append(facts.requested(requestId));
    topology.clerk();
  }

  private List<String> requestsOn(String topic) {
    return topology.sent(topic).stream()
        .map(job -> topology.codecs().signJob().deserialize(job).requestId())
        .collect(Collectors.toList());
  }

  private static Instant after(int seconds) {
    return TestTopology.START.plusSeconds(seconds);
  }
}
