package com.credlink.ledger.event;

import java.time.Instant;
import java.util.Optional;

/**
 * The first field of every event.
 *
 * @param eventId UUID: version 7 for what happened outside, version 8 (derived) for what a topology
 *     proposed. Unique in the ledger.
 * @param tenant opaque tenant id (26 characters of base32), or {@code platform} for what belongs to
 *     no shop.
 * @param occurredAt when it happened, by the source's clock; UTC microseconds.
 * @param recordedAt when this ledger took it, by the gateway's clock; UTC microseconds.
 * @param actor who caused it.
 * @param source the component that wrote the event, such as {@code gateway/shopify}, {@code clerk}
 *     or {@code signer}.
 * @param correlationId shared by everything that follows from one cause; Shopify's event id where
 *     there is one.
 * @param causationId the event that directly caused this one.
 * @param traceparent W3C trace context of the request, if it had one.
 */
public record EventHeader(
    String eventId,
    String tenant,
    Instant occurredAt,
    Instant recordedAt,
    Actor actor,
    String source,
    String correlationId,
    Optional<String> causationId,
    Optional<String> traceparent) {}
