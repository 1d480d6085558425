package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.projections.signing.ImageRequests;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.signing.SigningSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop with as many open requests as it may have. */
class PendingLimitTest {

  private static final int LIMIT = 2;
  private static final String SHA256 = "ab".repeat(32);

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts().limitedTo(LIMIT);

  @BeforeEach
  void open() {
    SigningSettings settings = new SigningSettings(SigningSettings.DEFAULT.lease());
    topology = new TestTopology(directory.resolve("state"), TestTopology.START, settings);
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldSayInTheTrailWhatWasTurnedAwayAndWhy() {
    topology.append(facts.requested("r-1", "key", "content"));
    topology.append(facts.requested("r-2", "key", "content"));
    topology.append(facts.requested("r-3"));
    topology.append(facts.requested("r-4"));

    assertThat(topology.trail())
        .filteredOn(row -> row.type().equals("SigningRequested"))
        .extracting(TrailRow::turnedAway)
        .containsExactly(
            Optional.empty(),
            Optional.of("same_idempotency_key"),
            Optional.empty(),
            Optional.of("too_many_pending"));
  }

  @Test
  void shouldRequestEveryImageInItsTurnWhenThereIsRoom() {
    WebhookReceived delivery = facts.webhook("d-1", "body", "//a", "//b", "//c", "//d", "//e");
    topology.append(delivery);
    for (String source : List.of("//a", "//b", "//c", "//d", "//e")) {
      topology.append(
          facts.stored(new ImageOrigin(delivery.eventId(), "i-" + source, source), SHA256));
    }

    List<String> first = requestedSources();
    List<String> second = settle("//a");
    List<String> third = settle("//b");

    assertThat(first).containsExactly("//a", "//b");
    assertThat(second).containsExactly("//c");
    assertThat(third).containsExactly("//d");
    assertThat(topology.trail()).allMatch(row -> row.turnedAway().isEmpty());
  }

  @Test
  void shouldCountTheImagesOfAShopWithItsOtherRequests() {
    topology.append(facts.requested("r-1"));
    WebhookReceived delivery = facts.webhook("d-1", "body", "//a");
    topology.append(delivery);
    topology.append(facts.stored(new ImageOrigin(delivery.eventId(), "i-//a", "//a"), SHA256));

    topology.append(facts.requested("r-2"));

    assertThat(topology.trail().getLast().turnedAway()).contains("too_many_pending");
  }

  /** Ends the request of {@code source}; the sources that are requested in its place. */
  private List<String> settle(String source) {
    String requestId = ImageRequests.requestId(Facts.TENANT, source);
    topology.append(facts.cancelled(requestId));
    return requestedSources();
  }

  private List<String> requestedSources() {
    List<LedgerEvent> proposed = topology.proposals();
    proposed.forEach(topology::append);
    return proposed.stream()
        .filter(SigningRequested.class::isInstance)
        .map(event -> ((SigningRequested) event).origin().orElseThrow().source())
        .toList();
  }
}
