package com.credlink.ledger.event;

/** A signature algorithm, by its JOSE name. */
public enum SignatureAlgorithm {
  ES256,
  ES384,
  PS256,
  EDDSA,
  ML_DSA_44,
  ML_DSA_65,
  UNKNOWN
}
