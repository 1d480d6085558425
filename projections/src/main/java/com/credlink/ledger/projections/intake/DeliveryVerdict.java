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
 * @param turnedAway why a request makes none: {@link #TOO_MANY_PENDING} or {@link #SAME_KEY}
 */
public record DeliveryVerdict(
    Optional<String> duplicateOf, Optional<String> sameBodyAs, Optional<String> turnedAway) {

  /** The shop had as many open requests as it may. */
  public static final String TOO_MANY_PENDING = "too_many_pending";

  /** A request with this idempotency key came before. */
  public static final String SAME_KEY = "same_idempotency_key";

  /** Nothing of the kind was seen before. */
  public static final DeliveryVerdict FRESH =
      new DeliveryVerdict(Optional.empty(), Optional.empty(), Optional.empty());

  /** A fact that repeats the event {@code first}. */
  public static DeliveryVerdict repetition(String first) {
    return new DeliveryVerdict(Optional.of(first), Optional.empty(), Optional.empty());
  }

  /** A request that makes none. */
  public static DeliveryVerdict turnedAway(String why) {
    return new DeliveryVerdict(Optional.empty(), Optional.empty(), Optional.of(why));
  }

  /** Whether this delivery is to have consequences. */
  public boolean isBusinessEvent() {
    return duplicateOf.isEmpty() && sameBodyAs.isEmpty() && turnedAway.isEmpty();
  }

  /** Judges a delivery by what was seen before it. */
  public static DeliveryVerdict of(
      WebhookReceived delivery, Optional<FirstSeen> sameWebhookId, Optional<FirstSeen> sameBody) {
    Optional<String> duplicateOf = memory(delivery, sameWebhookId);
    return new DeliveryVerdict(
        duplicateOf,
        duplicateOf.isPresent() ? Optional.empty() : memory(delivery, sameBody),
        Optional.empty());
  }

  private static Optional<String> memory(WebhookReceived delivery, Optional<FirstSeen> first) {
    return first
        .filter(seen -> seen.remembered(delivery.header().recordedAt(), FirstSeen.MEMORY))
        .map(FirstSeen::id);
  }
}
