package com.credlink.ledger.topology.signing;

import java.time.Duration;

/**
 * Limits of the signing queue.
 *
 * @param lease how long a job may be out without an outcome before it goes out again
 */
public record SigningSettings(Duration lease) {

  /** What the documentation promises. */
  public static final SigningSettings DEFAULT = new SigningSettings(Duration.ofSeconds(60));
}
