package com.credlink.ledger.event;

/**
 * Who caused an event.
 *
 * @param type the kind of party.
 * @param id pseudonymous, stable identifier: a token id, a worker id, or the tenant for Shopify.
 *     Never a name or an address.
 */
public record Actor(ActorType type, String id) {}
