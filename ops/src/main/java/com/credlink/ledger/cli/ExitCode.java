package com.credlink.ledger.cli;

/** What a command's exit code says, the same everywhere. */
final class ExitCode {
  static final int DONE = 0;

  /** The command ran and its answer is "no": invalid, tampered, not found. */
  static final int NO = 1;

  static final int WRONG_USAGE = 2;
  static final int NOT_CARRIED_OUT = 3;

  private ExitCode() {}
}
