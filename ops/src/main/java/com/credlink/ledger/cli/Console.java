package com.credlink.ledger.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** What a command has of the world around it, so that a test can give it another. */
record Console(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path workingDirectory,
    InstantSource clock,
    SecureRandom random) {

  static Console ofProcess() {
    return new Console(
        System.out,
        System.err,
        System.getenv(),
        Path.of("").toAbsolutePath(),
        InstantSource.system(),
        new SecureRandom());
  }
}
