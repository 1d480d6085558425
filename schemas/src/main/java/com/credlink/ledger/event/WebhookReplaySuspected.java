package com.credlink.ledger.event;

/**
 * An equal body raced past two gateways under two shops. Written to both trails.
 *
 * @param header common header.
 * @param webhookEventId the delivery in this tenant's trail.
 * @param bodyHash keyed hash that both share.
 */
public record WebhookReplaySuspected(EventHeader header, String webhookEventId, Bytes bodyHash)
    implements LedgerEvent {}
