package com.credlink.ledger.event;

/**
 * A subject enrolled a further factor.
 *
 * @param header common header.
 * @param subjectId pseudonymous subject.
 * @param factorType OCSF factor type, such as {@code webauthn}.
 */
public record FactorEnrolled(EventHeader header, String subjectId, String factorType)
    implements LedgerEvent {}
