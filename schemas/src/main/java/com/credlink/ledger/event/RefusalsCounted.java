package com.credlink.ledger.event;

import java.time.Instant;

/**
 * Refusals without a valid credential, counted so that nobody can fill the log. Tenant {@code
 * platform}.
 *
 * @param header common header.
 * @param route route template, such as {@code POST /webhooks/shopify}.
 * @param reason problem name, such as {@code bad_hmac}.
 * @param sourcePrefix keyed hash of the source's address prefix (/24 or /48), or {@code other}
 *     beyond 100 keys a minute.
 * @param count how many.
 * @param firstAt the first one.
 * @param lastAt the last one.
 */
public record RefusalsCounted(
    EventHeader header,
    String route,
    String reason,
    String sourcePrefix,
    long count,
    Instant firstAt,
    Instant lastAt)
    implements LedgerEvent {}
