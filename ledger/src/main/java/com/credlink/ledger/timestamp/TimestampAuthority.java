package com.credlink.ledger.timestamp;

/** Makes time-stamps. Safe for use by many threads at once. */
public interface TimestampAuthority {

  /** By what name it is known, in facts and messages. */
  String name();

  /**
   * Has a digest stamped.
   *
   * @param sha256 32 bytes
   * @throws TimestampException if there is no time-stamp; the type says whether another attempt may
   *     help
   */
  Timestamp stamp(byte[] sha256);
}
