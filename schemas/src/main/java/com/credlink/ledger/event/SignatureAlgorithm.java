package com.credlink.ledger.event;

/** A signature algorithm, by its JOSE name. */
public enum SignatureAlgorithm {
  ES256,
  ES384,
  PS256,
  EDDSA,
  UNKNOWN
}
