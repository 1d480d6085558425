package com.credlink.ledger.topology.signing;

import java.time.Duration;

/**
 * Limits of the signing queue.
 *
 * @param lease how long a job may be out without an outcome before it goes out again
 * @param maxPending requests of one tenant that may be unsettled at the same time
 */
public record SigningSettings(Duration lease, int maxPending) {

  /** What the documentation promises. */
  public static final SigningSettings DEFAULT = new SigningSettings(Duration.ofSeconds(60), 10_000);
}
