package com.credlink.ledger.asset;

import com.credlink.ledger.asset.ImageCheck.Reason;
import com.credlink.ledger.asset.ImageCheck.Refused;

/** Leaves a structural walk; never leaves this package. */
final class RefusedException extends Exception {

  private final Refused refusal;

  RefusedException(Reason reason, String detail) {
    // Hostile files are common and a stack trace of the walk tells nothing.
    super(detail, null, false, false);
    this.refusal = new Refused(reason, detail);
  }

  Refused refusal() {
    return refusal;
  }
}
