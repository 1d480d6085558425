package com.credlink.ledger.api.problem;

import java.util.OptionalInt;

/** The answer is a problem. The message is one sentence for the caller. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final int retryAfterSeconds;

  /** A problem with a sentence about this occurrence. */
  public ProblemException(Problem problem, String detail) {
    this(problem, detail, 0);
  }

  private ProblemException(Problem problem, String detail, int retryAfterSeconds) {
    super(detail, null, false, false);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The same, asking the caller to wait. */
  public ProblemException retryAfter(int seconds) {
    return new ProblemException(problem, getMessage(), seconds);
  }

  /** Which problem. */
  public Problem problem() {
    return problem;
  }

  /** How long the caller is asked to wait. */
  public OptionalInt retryAfterSeconds() {
    return retryAfterSeconds > 0 ? OptionalInt.of(retryAfterSeconds) : OptionalInt.empty();
  }
}
