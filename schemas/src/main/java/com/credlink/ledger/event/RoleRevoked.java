package com.credlink.ledger.event;

/**
 * A role was taken from a subject.
 *
 * @param header common header.
 * @param subjectId pseudonymous subject.
 * @param role the role.
 */
public record RoleRevoked(EventHeader header, String subjectId, String role)
    implements LedgerEvent {}
