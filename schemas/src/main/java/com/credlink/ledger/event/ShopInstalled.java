package com.credlink.ledger.event;

/**
 * A shop installed the app and was given a tenant id.
 *
 * @param header common header; its tenant is the id given.
 * @param shop JSON {@code {"shop_id", "domain"}}: a domain can be a person's name.
 */
public record ShopInstalled(EventHeader header, Sealed shop) implements LedgerEvent {}
