package com.credlink.ledger.event;

import java.util.Optional;

/**
 * A webhook delivery with a valid HMAC, from a known shop. Appended before it is answered with 200.
 *
 * @param header common header; correlation id is Shopify's event id where given.
 * @param topic topic as claimed by the header, such as {@code products/update}.
 * @param webhookId X-Shopify-Webhook-Id: unique for one delivery, the key of deduplication. Empty
 *     where Shopify sent none.
 * @param triggeredAt X-Shopify-Triggered-At as written.
 * @param apiVersion X-Shopify-API-Version; may be absent on compliance topics.
 * @param subscription X-Shopify-Name: the subscription's name.
 * @param test X-Shopify-Test was true.
 * @param stub the body is {@code {"id": ...}} in place of a payload that was too large.
 * @param family which header family carried it.
 * @param provenance how far it is authenticated.
 * @param secretId id of the client secret whose HMAC matched.
 * @param bodyHash keyed hash of the raw body under the ledger's look-up key: finds equal bodies,
 *     cannot be guessed from outside.
 * @param resourceHash keyed hash of the resource's type and id, bound to the shop for 30 days.
 * @param body the raw body, exactly as received.
 * @param extract typed extract free of personal data.
 * @param equalBodyElsewhere an equal body was seen under another shop.
 */
public record WebhookReceived(
    EventHeader header,
    String topic,
    String webhookId,
    Optional<String> triggeredAt,
    Optional<String> apiVersion,
    Optional<String> subscription,
    boolean test,
    boolean stub,
    HeaderFamily family,
    Provenance provenance,
    String secretId,
    Bytes bodyHash,
    Optional<Bytes> resourceHash,
    Sealed body,
    WebhookExtract extract,
    boolean equalBodyElsewhere)
    implements LedgerEvent {}
