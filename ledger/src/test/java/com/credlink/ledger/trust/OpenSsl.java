package com.credlink.ledger.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** OpenSSL's command line, as an opinion from outside. */
public final class OpenSsl {

  private final Path directory;

  private OpenSsl(Path directory) {
    this.directory = directory;
  }

  /** In this directory; the test is skipped, and says so, where there is no OpenSSL. */
  public static OpenSsl in(Path directory) {
    OpenSsl openSsl = new OpenSsl(directory);
    boolean there;
    try {
      there = openSsl.run("version").code() == 0;
    } catch (IOException missing) {
      there = false;
    }
    Assumptions.assumeTrue(there, "SKIPPED: openssl is not installed");
    return openSsl;
  }

  /** Exit code and everything that it said. */
  public record Result(int code, String output) {}

  /** Runs it. */
  public Result run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Result(process.exitValue(), output);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Must end with 0. */
  public String done(String... arguments) throws IOException {
    Result result = run(arguments);
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }
}
