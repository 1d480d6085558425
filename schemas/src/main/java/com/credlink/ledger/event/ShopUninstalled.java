package com.credlink.ledger.event;

/**
 * A shop removed the app: signing stops, its data wait for {@code shop/redact}.
 *
 * @param header common header.
 * @param webhookEventId the webhook that said so.
 */
public record ShopUninstalled(EventHeader header, String webhookEventId) implements LedgerEvent {}
