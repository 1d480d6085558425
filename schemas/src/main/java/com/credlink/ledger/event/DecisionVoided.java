package com.credlink.ledger.event;

/**
 * An earlier decision had an unknown fate (a time-out); the caller was refused.
 *
 * @param header common header.
 * @param decisionEventId the decision that does not count, whether or not it is in the log.
 * @param reason why.
 */
public record DecisionVoided(EventHeader header, String decisionEventId, String reason)
    implements LedgerEvent {}
