package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.LedgerEvent;
import java.time.Instant;

/** What follows from a state, for the topology to carry out. */
public sealed interface NextStep {

  /**
   * The clerk shall append this fact.
   *
   * @param event with an id derived from request, attempt and kind
   */
  record Propose(LedgerEvent event) implements NextStep {}

  /** A job for the request's attempt shall go out. */
  record Dispatch() implements NextStep {}

  /** The job that went out shall go out again under the same attempt. */
  record DispatchAgain() implements NextStep {}

  /** The signed file shall get a time-stamp. */
  record Stamp() implements NextStep {}

  /**
   * The state shall be looked at again.
   *
   * @param at when
   * @param why for what
   */
  record Remind(Instant at, Reason why) implements NextStep {}

  /** Why a state is looked at again. */
  enum Reason {
    /** A job that went out has had no outcome. */
    LEASE,
    /** A retry is due. */
    RETRY,
    /** The request's own time limit. */
    EXPIRY
  }
}
