package com.credlink.ledger.event;

/**
 * What a call is about.
 *
 * @param type kind, such as {@code signing-request}.
 * @param id identifier within its kind; empty for a collection.
 */
public record Resource(String type, String id) {}
