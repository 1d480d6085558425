package com.credlink.ledger.topology.intake;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.topology.streams.Keys;

/** Keys of the intake store. */
public final class IntakeKeys {

  private static final String DELIVERY = "d";
  private static final String SAME_BODY = "b";
  private static final String SHOP = "s";
  private static final String BODY_ANYWHERE = "~body";
  private static final String RESOURCE_ANYWHERE = "~resource";

  private IntakeKeys() {}

  /** A delivery, by the key of deduplication; one without a webhook id is known by its body. */
  public static byte[] delivery(WebhookReceived event) {
    String id = event.webhookId().isEmpty() ? "body:" + event.bodyHash().hex() : event.webhookId();
    return Keys.of(event.tenant(), DELIVERY, event.topic(), id);
  }

  /** A body within a shop and topic. */
  public static byte[] sameBody(WebhookReceived event) {
    return Keys.of(event.tenant(), SAME_BODY, event.topic(), event.bodyHash().hex());
  }

  /** Whether a shop is installed. */
  public static byte[] shop(String tenant) {
    return Keys.of(tenant, SHOP);
  }

  /** A body in any shop of the partition. */
  public static byte[] bodyAnywhere(Bytes bodyHash) {
    return Keys.of(BODY_ANYWHERE, bodyHash.hex());
  }

  /** A resource in any shop of the partition. */
  public static byte[] resourceAnywhere(Bytes resourceHash) {
    return Keys.of(RESOURCE_ANYWHERE, resourceHash.hex());
  }
}
