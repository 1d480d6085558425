package com.credlink.ledger.cli;

/** A command could not be carried out. The message is one sentence for whoever typed it. */
final class CommandException extends Exception {

  private static final long serialVersionUID = 1L;

  CommandException(String sentence) {
    super(sentence);
  }

  CommandException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
