package com.credlink.ledger.verify;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import java.util.Map;

/**
 * Where a pass over a log has come: enough to go on without reading again what was verified. Who
 * goes on from it trusts that nobody has changed it.
 *
 * @param size records that were verified
 * @param root over them
 * @param edge the unfinished tile of each level
 * @param nextCheckpoint offset of the first stored checkpoint that was not met
 */
public record CheckState(long size, Hash root, Map<Tile, byte[]> edge, long nextCheckpoint) {
  /** Copies the map. */
  public CheckState {
    edge = Map.copyOf(edge);
  }
}
