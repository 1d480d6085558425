package com.credlink.ledger.event;

/**
 * A subject was given a role.
 *
 * @param header common header.
 * @param subjectId pseudonymous subject.
 * @param role the role.
 */
public record RoleGranted(EventHeader header, String subjectId, String role)
    implements LedgerEvent {}
