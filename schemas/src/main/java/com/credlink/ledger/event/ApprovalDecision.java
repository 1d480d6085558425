package com.credlink.ledger.event;

/** An approver's word. */
public enum ApprovalDecision {
  APPROVE,
  REJECT,
  UNKNOWN
}
