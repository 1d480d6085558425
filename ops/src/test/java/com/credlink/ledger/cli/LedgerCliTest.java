package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LedgerCliTest {

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void shouldExplainEveryCommand() {
    for (var command : commands(LedgerCli.commandLine(console(Map.of())), List.of())) {
      out.reset();

      var arguments = new ArrayList<>(command);
      arguments.add("--help");
      int exitCode = run(Map.of(), arguments.toArray(String[]::new));

      assertThat(exitCode).as(command.toString()).isEqualTo(ExitCode.DONE);
      assertThat(out.toString(UTF_8)).as(command.toString()).startsWith("Usage: ledger");
    }
  }

  @Test
  void shouldAnswerWrongUsageWithOneSentence() {
    assertRefused(run(Map.of(), "up", "--port", "http"), ExitCode.WRONG_USAGE, "--port");
    assertRefused(run(Map.of(), "upp"), ExitCode.WRONG_USAGE, "upp");
    assertRefused(run(Map.of()), ExitCode.WRONG_USAGE, "name a command");
    assertRefused(run(Map.of(), "up", "--port", "70000"), ExitCode.WRONG_USAGE, "http.port");
    assertRefused(run(Map.of("LEDGER_KAFKA_PORT", "x"), "up"), ExitCode.WRONG_USAGE, "kafka.port");
    assertRefused(run(Map.of(), "serve"), ExitCode.WRONG_USAGE, "kafka.bootstrap");
    assertRefused(
        run(Map.of(), "up", "--config", "missing.yaml"), ExitCode.WRONG_USAGE, "missing.yaml");
  }

  @Test
  void shouldNotStartInTheDirectoryOfAnotherVersion() throws Exception {
    Files.writeString(directory.resolve("VERSION"), "99");

    assertRefused(
        run(Map.of(), "up", "--data", directory.toString()),
        ExitCode.NOT_CARRIED_OUT,
        "another version");
  }

  @Test
  void shouldNotStartWhereItCannotWrite() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");

    assertRefused(
        run(Map.of(), "up", "--data", file.resolve("below").toString()),
        ExitCode.NOT_CARRIED_OUT,
        "file");
  }

  @Test
  void shouldSayWhichCredentialsTheDemoLacks() {
    int exitCode =
        run(Map.of(), "demo", "--url", "http://localhost:1", "--data", directory.toString());

    assertRefused(exitCode, ExitCode.NOT_CARRIED_OUT, "credentials.json");
  }

  @Test
  void shouldShowTheConfigurationAsTextAndAsJson() {
    assertThat(run(Map.of("LEDGER_HTTP_PORT", "9999"), "config", "show")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(UTF_8)).containsPattern("http\\.port: 9999 +# LEDGER_HTTP_PORT");
    out.reset();

    assertThat(run(Map.of(), "config", "show", "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(UTF_8)).startsWith("{").contains("\"origin\" : \"default\"");
  }

  private void assertRefused(int exitCode, int expected, String named) {
    var said = err.toString(UTF_8);
    assertThat(said.lines()).as(said).hasSize(1);
    assertThat(said).startsWith("ledger: ").contains(named);
    assertThat(exitCode).as(said).isEqualTo(expected);
    err.reset();
  }

  private int run(Map<String, String> environment, String... arguments) {
    return LedgerCli.commandLine(console(environment)).execute(arguments);
  }

  private Console console(Map<String, String> environment) {
    return new Console(
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        environment,
        directory,
        InstantSource.system(),
        new SecureRandom());
  }

  private static List<List<String>> commands(CommandLine line, List<String> path) {
    var all = new ArrayList<List<String>>();
    all.add(path);
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              var below = new ArrayList<>(path);
              below.add(name);
              all.addAll(commands(sub, below));
            });
    return all;
  }
}
