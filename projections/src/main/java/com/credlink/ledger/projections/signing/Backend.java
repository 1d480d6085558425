package com.credlink.ledger.projections.signing;

/** What a worker depends on besides the log, and what can be down for all its jobs at once. */
public enum Backend {
  /** Where signing keys are used: a key file, a PKCS#11 token, a cloud's key service. */
  KEYS,
  /** Where image bytes are kept. */
  ASSETS
}
