package com.credlink.ledger.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of {@code ledger} in a process of its own, which can be killed. */
final class ForkedCommand implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final BufferedReader out;

  private ForkedCommand(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What a command that ended said, and its exit code. */
  record Ended(int exitCode, String said) {}

  static ForkedCommand start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "com.credlink.ledger.cli.LedgerCli"));
    command.addAll(List.of(arguments));
    return new ForkedCommand(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Runs a command to its end. */
  static Ended run(String... arguments) throws IOException, InterruptedException {
    try (ForkedCommand command = start(arguments)) {
      String said = String.join("\n", command.out.readAllLines());
      return new Ended(command.process.waitFor(), said);
    }
  }

  /** The lines up to the one that begins with {@code last}. */
  List<String> readUntil(String last) throws IOException {
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.startsWith(last)) {
        return said;
      }
    }
    throw new AssertionError("no line '%s': %s".formatted(last, said));
  }

  /** SIGKILL. */
  void kill() {
    var _ =
        process
            .destroyForcibly()
            .onExit()
            .orTimeout(END_LIMIT.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** SIGTERM; the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("not closed: " + process.pid());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
