package com.credlink.ledger.event;

/**
 * A policy that determined a decision.
 *
 * @param id policy id.
 * @param version version that decided.
 */
public record PolicyReference(String id, String version) {}
