package com.credlink.ledger.event;

/** What kind of signature is made. */
public enum SignatureFormat {
  COSE,
  JWS,
  C2PA,
  UNKNOWN
}
