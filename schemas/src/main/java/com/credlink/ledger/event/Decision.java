package com.credlink.ledger.event;

/** The outcome of a decision. */
public enum Decision {
  ALLOW,
  DENY,
  CHALLENGE,
  ERROR
}
