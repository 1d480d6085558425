package com.credlink.ledger.event;

/** A lane of the signing queue. */
public enum Lane {
  INTERACTIVE,
  STANDARD,
  BULK,
  UNKNOWN
}
