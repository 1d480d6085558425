package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.credlink.ledger.projections.signing.ImageRequests;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.signing.Disputes;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One resource that two shops name: what the gateways let through at the same moment. */
class ReplaySuspicionTest {

  private static final String OTHER = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
  private static final String THIRD = "cccccccccccccccccccccccccc";
  private static final String SOURCE = "//cdn/a.jpg";
  private static final String SHA256 = "ab".repeat(32);
  private static final String REQUEST = ImageRequests.requestId(Facts.TENANT, SOURCE);

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts ours = new Facts();
  private final Facts others = new Facts(OTHER);

  @BeforeEach
  void open() {
    topology = new TestTopology(directory.resolve("state"));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldSuspectBothDeliveriesOfOneResource() {
    WebhookReceived first = ours.product("product", "d-1", "body", SOURCE);
    WebhookReceived second = others.product("product", "d-2", "body", SOURCE);

    topology.append(first);
    topology.append(second);

    assertThat(suspicions())
        .extracting(LedgerEvent::tenant, WebhookReplaySuspected::webhookEventId)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Facts.TENANT, first.eventId()),
            org.assertj.core.groups.Tuple.tuple(OTHER, second.eventId()));
  }

  @Test
  void shouldMakeOneFactOfADeliveryThatTwoOthersMeet() {
    topology.append(ours.product("product", "d-1", "body"));
    topology.append(others.product("product", "d-2", "body"));
    topology.append(new Facts(THIRD).product("product", "d-3", "body"));
    topology.clerk();

    assertThat(topology.trail())
        .filteredOn(row -> row.type().equals("WebhookReplaySuspected"))
        .filteredOn(row -> row.duplicateOf().isEmpty())
        .extracting(TrailRow::tenant)
        .containsExactlyInAnyOrder(Facts.TENANT, OTHER, THIRD);
  }

  @Test
  void shouldSuspectNothingInOneShopNorAfterTheBindingHasEnded() {
    topology.append(ours.product("product", "d-1", "body"));
    topology.append(ours.product("product", "d-2", "changed"));
    topology.append(others.product("other product", "d-3", "body"));
    topology.append(others.at(after(Duration.ofDays(31))).product("product", "d-4", "later"));

    assertThat(suspicions()).isEmpty();
  }

  @Test
  void shouldKeepABindingThatIsNamedAgain() {
    topology.append(ours.product("product", "d-1", "one"));
    topology.append(ours.at(after(Duration.ofDays(20))).product("product", "d-2", "two"));
    topology.append(others.at(after(Duration.ofDays(40))).product("product", "d-3", "three"));

    assertThat(suspicions()).hasSize(2);
  }

  @Test
  void shouldReleaseWhatWasBoundToAShopWhoseDataIsErased() {
    topology.append(ours.product("product", "d-1", "body"));
    topology.append(ours.delivery("shop/redact", "d-2", "redact"));

    topology.append(others.product("product", "d-3", "body"));

    assertThat(suspicions()).isEmpty();
  }

  @Test
  void shouldCancelWhatIsNotSignedYet() {
    WebhookReceived delivery = ours.product("product", "d-1", "body", SOURCE);
    topology.append(delivery);
    topology.append(ours.stored(origin(delivery), SHA256));
    topology.clerk();

    topology.append(others.product("product", "d-2", "body"));
    topology.clerk();

    assertThat(lastStatus()).contains("CANCELLED");
    assertThat(standing()).contains(Disputes.Standing.OPEN);
  }

  @Test
  void shouldCancelTheRequestOfAnImageThatIsStillFetched() {
    WebhookReceived delivery = ours.product("product", "d-1", "body", SOURCE);
    topology.append(delivery);
    topology.append(others.product("product", "d-2", "body"));
    topology.clerk();

    topology.append(ours.stored(origin(delivery), SHA256));
    List<LedgerEvent> proposed = topology.proposals();
    proposed.forEach(topology::append);

    assertThat(topology.proposals())
        .filteredOn(SigningCancelled.class::isInstance)
        .extracting(event -> ((SigningCancelled) event).requestId())
        .containsExactly(REQUEST);
  }

  @Test
  void shouldDisputeWhatIsSignedUntilAnOperatorApproves() {
    disputeSigned();
    assertThat(lastStatus()).contains("SIGNED");
    assertThat(standing()).contains(Disputes.Standing.OPEN);

    topology.append(ours.approved(REQUEST, ApprovalDecision.REJECT));
    assertThat(standing()).contains(Disputes.Standing.REJECTED);

    topology.append(ours.approved(REQUEST, ApprovalDecision.APPROVE));
    assertThat(standing()).isEmpty();
  }

  @Test
  void shouldDisputeNothingThatAnotherDeliveryMade() {
    WebhookReceived delivery = ours.product("other product", "d-0", "other", SOURCE);
    topology.append(delivery);
    topology.append(ours.stored(origin(delivery), SHA256));
    topology.append(ours.product("product", "d-1", "body", SOURCE));
    topology.append(others.product("product", "d-2", "body"));
    topology.clerk();

    assertThat(standing()).isEmpty();
    assertThat(lastStatus()).contains("QUEUED");
  }

  private void disputeSigned() {
    WebhookReceived delivery = ours.product("product", "d-1", "body", SOURCE);
    topology.append(delivery);
    topology.append(ours.stored(origin(delivery), SHA256));
    topology.clerk();
    topology.append(ours.started(REQUEST, 1));
    AssetSigned signed = ours.signed(REQUEST, 1, SHA256);
    topology.append(signed);
    topology.append(others.product("product", "d-2", "body"));
    topology.clerk();
  }

  private List<WebhookReplaySuspected> suspicions() {
    return topology.proposals().stream()
        .filter(WebhookReplaySuspected.class::isInstance)
        .map(WebhookReplaySuspected.class::cast)
        .toList();
  }

  private Optional<Disputes.Standing> standing() {
    return Optional.ofNullable(
            topology.table(Kind.DISPUTES).get(Disputes.key(Facts.TENANT, REQUEST)))
        .map(Disputes::standing);
  }

  private Optional<String> lastStatus() {
    List<SigningStatus> statuses = topology.statuses();
    return statuses.isEmpty() ? Optional.empty() : Optional.of(statuses.getLast().status());
  }

  private static ImageOrigin origin(WebhookReceived delivery) {
    return new ImageOrigin(delivery.eventId(), "i-" + SOURCE, SOURCE);
  }

  private static Instant after(Duration time) {
    return TestTopology.START.plus(time);
  }
}
