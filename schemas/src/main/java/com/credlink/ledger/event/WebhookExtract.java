package com.credlink.ledger.event;

import java.util.List;
import java.util.Optional;

/**
 * What folds may know of a body without decrypting it. Holds no personal data.
 *
 * @param resourceId shopify id of the resource, as text.
 * @param updatedAt {@code updated_at} of the resource, RFC 3339 as Shopify wrote it.
 * @param images images of a product.
 */
public record WebhookExtract(
    Optional<String> resourceId, Optional<String> updatedAt, List<ImageReference> images) {
  public WebhookExtract {
    images = List.copyOf(images);
  }
}
