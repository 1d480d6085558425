package com.credlink.ledger.event;

import java.util.Optional;

/**
 * An image that a product webhook names.
 *
 * @param imageId shopify's image id, as text (it exceeds 2^53).
 * @param source absolute https address of the image, as fetched.
 * @param updatedAt when the image last changed, RFC 3339 as Shopify wrote it.
 */
public record ImageReference(String imageId, String source, Optional<String> updatedAt) {}
