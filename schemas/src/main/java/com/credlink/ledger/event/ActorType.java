package com.credlink.ledger.event;

/** The kind of party that caused an event. */
public enum ActorType {
  SHOPIFY,
  MERCHANT,
  OPERATOR,
  AUDITOR,
  PRIVACY_OFFICER,
  ADMIN,
  PRODUCER,
  SYSTEM,
  ANONYMOUS,
  UNKNOWN
}
