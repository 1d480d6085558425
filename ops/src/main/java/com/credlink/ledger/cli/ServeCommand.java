package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ledger serve}: some or all roles against an external cluster and registry. */
@Command(
    name = "serve",
    description = "Run a node against an external Kafka cluster and schema registry.",
    footer = {
      "",
      "The configuration names at least kafka.bootstrap, registry.urls and shopify.client_secrets."
    })
final class ServeCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--roles",
      paramLabel = "ROLE[,ROLE]",
      description = "Any of api, topology, clerk, signer (default: all).")
  private Optional<String> roles = Optional.empty();

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
  private Optional<Path> file = Optional.empty();

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    var options = new HashMap<String, String>();
    roles.ifPresent(value -> options.put("roles", value));
    var config = Config.load(Config.Profile.CLUSTER, file, console.environment(), options);
    var session = NodeSession.open(config, console.random());
    session.announce(console.out(), config);
    session.untilStopped(console.err());
    return ExitCode.DONE;
  }
}
