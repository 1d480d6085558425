package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code docs/tlog-verify.mjs}: a verifier in another language that shares no code with ours. */
final class TlogVerifier {

  private static final String SCRIPT = "docs/tlog-verify.mjs";
  private static final int PATIENCE_SECONDS = 60;

  private TlogVerifier() {}

  /** How it ended. */
  record Result(int exitCode, String output) {
    /** Fails with what it said unless all held. */
    String expectOk() {
      assertThat(exitCode).as(output).isZero();
      return output;
    }

    /** Fails unless it found fault, in these words. */
    void expectFault(String words) {
      assertThat(output).contains("NOT OK: ", words);
      assertThat(exitCode).isEqualTo(1);
    }
  }

  /** Runs it; skips the test, with a notice, where there is no Node.js. */
  static Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", script().toString()));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("tlog-verify", ".out");
      try {
        Process process =
            start(new ProcessBuilder(command).redirectErrorStream(true), output.toFile());
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Process start(ProcessBuilder builder, File output) {
    try {
      return builder.redirectOutput(output).start();
    } catch (IOException absent) {
      assumeTrue(
          false, "Node.js is not installed: the log was NOT checked by the verifier in JavaScript");
      throw new UncheckedIOException(absent);
    }
  }

  private static Path script() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(SCRIPT))) {
      root = root.getParent();
    }
    return root.resolve(SCRIPT);
  }
}
