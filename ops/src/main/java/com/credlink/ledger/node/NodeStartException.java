package com.credlink.ledger.node;

/**
 * The node could not start. The message is one sentence for whoever started it: what is in the way
 * and what to do.
 */
public final class NodeStartException extends Exception {

  private static final long serialVersionUID = 1L;

  public NodeStartException(String sentence) {
    super(sentence);
  }

  public NodeStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
