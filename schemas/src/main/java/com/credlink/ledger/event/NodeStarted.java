package com.credlink.ledger.event;

import java.util.List;

/**
 * A node came up.
 *
 * @param header common header.
 * @param node node id.
 * @param version version of the software.
 * @param roles roles that it runs.
 * @param durability what an acknowledgement survives: {@code process} or {@code power}.
 */
public record NodeStarted(
    EventHeader header, String node, String version, List<String> roles, String durability)
    implements LedgerEvent {
  public NodeStarted {
    roles = List.copyOf(roles);
  }
}
