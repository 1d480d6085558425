package com.credlink.ledger.event;

/** Which family of headers carried the delivery. */
public enum HeaderFamily {
  CLASSIC,
  EVENTS,
  BOTH,
  UNKNOWN
}
