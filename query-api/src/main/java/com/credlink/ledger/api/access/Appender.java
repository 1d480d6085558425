package com.credlink.ledger.api.access;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Position;

/**
 * Appends a fact and turns the log's failures into answers: what is not durably in the log was not
 * accepted.
 */
public final class Appender {

  /** Seconds after which a refused producer may try again. */
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Ledger ledger;

  /** Appends to {@code ledger}. */
  public Appender(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Waits until the event is durable; its deadline is the ledger's. */
  public Position append(LedgerEvent event) {
    try {
      return ledger.appendAndWait(event);
    } catch (AppendException failed) {
      throw problem(failed);
    }
  }

  /** The same, for who must tell the failures apart. */
  public Position appendOrFail(LedgerEvent event) {
    return ledger.appendAndWait(event);
  }

  /** The answer to a failed append. */
  public static ProblemException problem(AppendException failed) {
    return switch (failed) {
      case AppendException.TooLarge e ->
          new ProblemException(Problem.TOO_LARGE, "The record is too large for the log.");
      case AppendException.NotAppended e -> unavailable("The log cannot be written now.");
      case AppendException.Unknown e -> unavailable("The log did not acknowledge in time.");
    };
  }

  private static ProblemException unavailable(String detail) {
    return new ProblemException(Problem.LOG_UNAVAILABLE, detail).retryAfter(RETRY_AFTER_SECONDS);
  }
}
