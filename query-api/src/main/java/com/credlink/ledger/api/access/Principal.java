package com.credlink.ledger.api.access;

import java.util.Optional;

/**
 * Somebody who has proved who they are.
 *
 * @param id pseudonymous id
 * @param role in which capacity they call
 * @param tenant the only tenant that they may see, if they are bound to one
 */
public record Principal(String id, Role role, Optional<String> tenant) {}
