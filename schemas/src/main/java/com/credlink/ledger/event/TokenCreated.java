package com.credlink.ledger.event;

import java.time.Instant;
import java.util.Optional;

/**
 * An API credential was created. Only its hash is kept, and not here.
 *
 * @param header common header.
 * @param tokenId public id of the token.
 * @param role role that it grants.
 * @param boundTenant tenant that it is limited to.
 * @param expiresAt when it ends.
 */
public record TokenCreated(
    EventHeader header,
    String tokenId,
    String role,
    Optional<String> boundTenant,
    Optional<Instant> expiresAt)
    implements LedgerEvent {}
