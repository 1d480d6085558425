package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.WebhookReceived;
import java.time.Instant;
import java.util.Optional;

/**
 * An image that a webhook named, on its way into the asset store. One for each tenant and source: a
 * source that was seen is not fetched again, because Shopify gives a changed image another source.
 *
 * @param origin which image, and which delivery named it first
 * @param status where it stands
 * @param attempt current attempt, from 1
 * @param firstSeenAt when the webhook came; the budget counts from here
 * @param dueAt when the next attempt is due
 * @param correlationId correlation id of the webhook
 */
public record ImageState(
    ImageOrigin origin,
    Status status,
    int attempt,
    Instant firstSeenAt,
    Optional<Instant> dueAt,
    String correlationId) {

  /** Where an image stands. */
  public enum Status {
    /** A worker has it or is about to. */
    FETCHING,
    /** A fetch failed and another is due. */
    RETRY_SCHEDULED,
    /** It is in the asset store and makes a signing request. */
    STORED,
    /** It will not be fetched. */
    FAILED
  }

  /** First seen in {@code webhook}. */
  public static ImageState seen(WebhookReceived webhook, ImageOrigin origin) {
    return new ImageState(
        origin,
        Status.FETCHING,
        1,
        webhook.header().recordedAt(),
        Optional.empty(),
        webhook.header().correlationId());
  }

  /** The bytes have arrived; a second arrival changes nothing. */
  public ImageState stored(AssetStored event) {
    return event.origin().filter(origin::equals).isPresent() ? begun().in(Status.STORED) : this;
  }

  /** A fetch failed. */
  public ImageState failed(AssetFetchFailed event) {
    ImageState begun = begun();
    if (begun.status != Status.FETCHING || event.attempt() != begun.attempt) {
      return this;
    }
    Optional<Instant> due =
        event.dueAt().filter(at -> at.isBefore(firstSeenAt.plus(Course.BUDGET)));
    return event.retryable() && due.isPresent()
        ? new ImageState(
            origin, Status.RETRY_SCHEDULED, begun.attempt, firstSeenAt, due, correlationId)
        : begun.in(Status.FAILED);
  }

  /**
   * An outcome shows that the retry had begun. A fold that reads the log again meets the outcome
   * before its own clock has come to the due time.
   */
  private ImageState begun() {
    return status == Status.RETRY_SCHEDULED ? retried() : this;
  }

  /** The due time has come: the next attempt begins. */
  public ImageState retried() {
    return new ImageState(
        origin, Status.FETCHING, attempt + 1, firstSeenAt, Optional.empty(), correlationId);
  }

  private ImageState in(Status next) {
    return new ImageState(origin, next, attempt, firstSeenAt, Optional.empty(), correlationId);
  }
}
