package com.credlink.ledger.c2pa;

import java.time.Instant;
import java.util.Optional;

/** Decides what a time-stamp of a claim signature proves. */
@FunctionalInterface
public interface StampCheck {

  /** Believes none. */
  StampCheck NONE = (stamped, token) -> Optional.empty();

  /**
   * The time that a token proves.
   *
   * @param stamped what it must be over
   * @param token a TimeStampToken in DER
   * @return empty unless it is a token over this, of an authority that is trusted
   */
  Optional<Instant> time(byte[] stamped, byte[] token);
}
