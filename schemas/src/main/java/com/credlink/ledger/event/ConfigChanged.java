package com.credlink.ledger.event;

import java.util.List;

/**
 * The configuration of a node changed since its last start.
 *
 * @param header common header.
 * @param node node id.
 * @param keys names of the keys that changed; never their values.
 */
public record ConfigChanged(EventHeader header, String node, List<String> keys)
    implements LedgerEvent {
  public ConfigChanged {
    keys = List.copyOf(keys);
  }
}
