package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.ConfigException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ledger config}. */
@Command(
    name = "config",
    description = "Look at the configuration.",
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** {@code ledger config show}. */
  @Command(
      name = "show",
      description = "Print every effective value and where it comes from, secrets masked.",
      footer = {
        "",
        "Each key can also be set by an environment variable: http.port by LEDGER_HTTP_PORT."
      })
  static final class Show implements Callable<Integer> {

    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
    private Optional<Path> file = Optional.empty();

    @Option(
        names = "--serve",
        description = "Show what 'ledger serve' would use; otherwise what 'ledger up' would.")
    private boolean serve;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Show(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws ConfigException, JsonProcessingException {
      var profile = serve ? Config.Profile.CLUSTER : Config.Profile.EMBEDDED;
      var values = Config.show(profile, file, console.environment(), Map.of());
      if (json) {
        var mapper = new ObjectMapper();
        var root = mapper.createObjectNode();
        values.forEach(
            (key, shown) ->
                root.putObject(key).put("value", shown.value()).put("origin", shown.origin()));
        console.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
      } else {
        values.forEach(
            (key, shown) ->
                console
                    .out()
                    .printf("%-40s # %s%n", key + ": " + quoted(shown.value()), shown.origin()));
      }
      return ExitCode.DONE;
    }

    private static String quoted(String value) {
      return value.isEmpty() || !value.matches("[A-Za-z0-9][A-Za-z0-9 ,./_:-]*")
          ? "\"" + value + "\""
          : value;
    }
  }
}
