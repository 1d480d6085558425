package com.credlink.ledger.event;

/**
 * Where an asset came from, when a webhook named it.
 *
 * @param webhookEventId the delivery that named it.
 * @param imageId shopify's image id.
 * @param source the address that it was fetched from.
 */
public record ImageOrigin(String webhookEventId, String imageId, String source) {}
