package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.TileSource;

/**
 * A log as it is published: a checkpoint, tiles of hashes and bundles of entries.
 *
 * <p>{@link TileSource#read} gives the bytes of a tile or a bundle, nothing when it is not there;
 * both methods throw {@link LogUnreachable} when the log cannot be asked.
 */
public interface TiledLog extends TileSource {

  /** The newest checkpoint, as it is published. */
  byte[] checkpoint();

  /** Where it is, for messages. */
  String place();
}
