package com.credlink.ledger.event;

/**
 * Something that a person has to look at.
 *
 * @param header common header.
 * @param rule rule that raised it, such as {@code log_integrity}.
 * @param severity {@code critical}, {@code high}, {@code medium} or {@code low}.
 * @param subject what it is about, such as the origin of a log.
 * @param summary one sentence.
 */
public record AlertRaised(
    EventHeader header, String rule, String severity, String subject, String summary)
    implements LedgerEvent {}
