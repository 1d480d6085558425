package com.credlink.ledger.topology.query;

import com.credlink.ledger.event.Bytes;
import java.time.Instant;

/** What a gateway asks the folds before it takes a webhook. */
public interface IntakeView {

  /** Whether the shop's app is installed now. */
  boolean isInstalled(String tenant);

  /** Whether the resource is bound to another tenant at {@code now}. */
  boolean isBoundElsewhere(Bytes resourceHash, String tenant, Instant now);

  /** Whether an equal body was first seen under another tenant. */
  boolean isBodySeenElsewhere(Bytes bodyHash, String tenant);
}
