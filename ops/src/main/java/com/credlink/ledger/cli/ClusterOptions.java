package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the administrative steps for a cluster have in common. */
final class ClusterOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file, as for 'ledger serve'.")
  private Optional<Path> file = Optional.empty();

  /** The configuration of a node on that cluster. */
  Config load(Console console) throws ConfigException {
    // A role that receives no webhooks: an administrator needs no Shopify secret.
    return Config.load(
        Config.Profile.CLUSTER, file, console.environment(), Map.of("roles", "topology"));
  }
}
