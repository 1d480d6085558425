package com.credlink.ledger.projections.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.HeaderFamily;
import com.credlink.ledger.event.Provenance;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.WebhookExtract;
import com.credlink.ledger.event.WebhookReceived;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryVerdictTest {

  private static final String TENANT = "mfrggzdfmztwq2lknnwg23tpoa";
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

  private final WebhookReceived delivery = delivery(AT);
  private final Optional<FirstSeen> fresh = seen("recent", AT.minus(FirstSeen.MEMORY));
  private final Optional<FirstSeen> old = seen("old", AT.minus(FirstSeen.MEMORY).minusNanos(1_000));
  private final Optional<FirstSeen> never = Optional.empty();

  @Test
  void shouldTakeTheFirstOfItsKindForABusinessEvent() {
    DeliveryVerdict verdict = DeliveryVerdict.of(delivery, never, never);

    assertThat(verdict).isEqualTo(DeliveryVerdict.FRESH);
    assertThat(verdict.isBusinessEvent()).isTrue();
  }

  @Test
  void shouldNameTheFirstDeliveryOfTheSameWebhook() {
    DeliveryVerdict verdict = DeliveryVerdict.of(delivery, fresh, never);

    assertThat(verdict.duplicateOf()).contains("recent");
    assertThat(verdict.sameBodyAs()).isEmpty();
    assertThat(verdict.isBusinessEvent()).isFalse();
  }

  @Test
  void shouldNameTheFirstDeliveryOfTheSameBody() {
    DeliveryVerdict verdict = DeliveryVerdict.of(delivery, never, fresh);

    assertThat(verdict.duplicateOf()).isEmpty();
    assertThat(verdict.sameBodyAs()).contains("recent");
    assertThat(verdict.isBusinessEvent()).isFalse();
  }

  @Test
  void shouldSayOfADuplicateOnlyThatItIsOne() {
    DeliveryVerdict verdict = DeliveryVerdict.of(delivery, fresh, seen("body", AT));

    assertThat(verdict.duplicateOf()).contains("recent");
    assertThat(verdict.sameBodyAs()).isEmpty();
  }

  @Test
  void shouldForgetWhatWasSeenTooLongAgo() {
    assertThat(DeliveryVerdict.of(delivery, old, never)).isEqualTo(DeliveryVerdict.FRESH);
    assertThat(DeliveryVerdict.of(delivery, never, old)).isEqualTo(DeliveryVerdict.FRESH);
    assertThat(DeliveryVerdict.of(delivery, old, old)).isEqualTo(DeliveryVerdict.FRESH);
    assertThat(DeliveryVerdict.of(delivery, old, fresh).sameBodyAs()).contains("recent");
  }

  @Test
  void shouldGoByTheTimeOfTheLedgerAndNotOfTheSource() {
    WebhookReceived later = delivery(AT.plusNanos(1_000));

    assertThat(later.header().occurredAt()).isEqualTo(delivery.header().occurredAt());
    assertThat(DeliveryVerdict.of(later, fresh, never)).isEqualTo(DeliveryVerdict.FRESH);
  }

  private static Optional<FirstSeen> seen(String id, Instant at) {
    return Optional.of(new FirstSeen(id, TENANT, at, Bytes.EMPTY));
  }

  /** Claims to have happened long before it was recorded. */
  private static WebhookReceived delivery(Instant recordedAt) {
    return new WebhookReceived(
        new EventHeader(
            "event-2",
            TENANT,
            Instant.parse("2026-01-01T00:00:00Z"),
            recordedAt,
            new Actor(ActorType.SHOPIFY, TENANT),
            "gateway/shopify",
            "correlation",
            Optional.empty(),
            Optional.empty()),
        "products/update",
        "webhook-1",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        HeaderFamily.CLASSIC,
        Provenance.BODY_NAMES_SHOP,
        "s1",
        Bytes.EMPTY,
        Optional.empty(),
        new Sealed(List.of(), Bytes.EMPTY, Bytes.EMPTY, 0, Optional.empty()),
        new WebhookExtract(Optional.empty(), Optional.empty(), List.of()),
        false);
  }
}
