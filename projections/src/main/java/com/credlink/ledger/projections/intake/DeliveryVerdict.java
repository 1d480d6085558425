package com.credlink.ledger.projections.intake;

import com.credlink.ledger.event.WebhookReceived;
import java.util.Optional;

/**
 * What the fold found out about a delivery. Log order decides: the first one in the log is the
 * business event, whichever gateway took it first.
 *
 * @param duplicateOf the first delivery with this webhook id; set means this is the same delivery
 *     again
 * @param sameBodyAs the first delivery with this body under another webhook id
 */
public record DeliveryVerdict(Optional<String> duplicateOf, Optional<String> sameBodyAs) {

  /** Nothing of the kind was seen before. */
  public static final DeliveryVerdict FRESH =
      new DeliveryVerdict(Optional.empty(), Optional.empty());

  /** Whether this delivery is to have consequences. */
  public boolean isBusinessEvent() {
    return duplicateOf.isEmpty() && sameBodyAs.isEmpty();
  }

  /** Judges a delivery by what was seen before it. */
  public static DeliveryVerdict of(
      WebhookReceived delivery, Optional<FirstSeen> sameWebhookId, Optional<FirstSeen> sameBody) {
    Optional<String> duplicateOf = memory(delivery, sameWebhookId);
    return new DeliveryVerdict(
        duplicateOf, duplicateOf.isPresent() ? Optional.empty() : memory(delivery, sameBody));
  }

  private static Optional<String> memory(WebhookReceived delivery, Optional<FirstSeen> first) {
    return first
        .filter(seen -> seen.remembered(delivery.header().recordedAt(), FirstSeen.MEMORY))
        .map(FirstSeen::id);
  }
}
