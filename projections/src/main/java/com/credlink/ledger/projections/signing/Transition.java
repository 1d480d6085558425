package com.credlink.ledger.projections.signing;

/**
 * What a fact did to a state.
 *
 * @param state the state after it; unchanged when it was ignored
 * @param outcome whether it counted
 */
public record Transition(SigningState state, Outcome outcome) {

  /** Whether a fact counted, and if not, why. An illegal transition is data, not an error. */
  public enum Outcome {
    /** The state changed. */
    APPLIED,
    /** The same event id was applied before. */
    DUPLICATE,
    /** This state does not accept this fact. */
    ILLEGAL,
    /** A signature came after the one that counts, or after the request was given up. */
    SUPERSEDED
  }

  static Transition to(SigningState state) {
    return new Transition(state, Outcome.APPLIED);
  }

  static Transition ignored(SigningState state, Outcome why) {
    return new Transition(state, why);
  }

  /** Whether the state changed. */
  public boolean applied() {
    return outcome == Outcome.APPLIED;
  }
}
