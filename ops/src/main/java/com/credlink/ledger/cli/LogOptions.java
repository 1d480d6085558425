package com.credlink.ledger.cli;

import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.StoredLog;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command that reads the records themselves finds them. */
final class LogOptions {

  /** A tenant's id as {@link com.credlink.ledger.vault.TenantDirectory} makes it. */
  private static final Pattern TENANT = Pattern.compile("[a-z2-7]{26}");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Read the records from these brokers.")
  private Optional<String> bootstrap = Optional.empty();

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "The schema registry beside --bootstrap.")
  private Optional<URI> registry = Optional.empty();

  /** Whether brokers were named. */
  boolean named() {
    return bootstrap.isPresent() || registry.isPresent();
  }

  /**
   * Sends what a broker logs that is started here to the node's files. Must run before anything in
   * this process logs.
   */
  void logAside(Path data) {
    if (!named() && NodeFile.read(data.resolve("node.json")).isEmpty() && StoredLog.isNode(data)) {
      NodeSession.logInto(data.resolve("logs"));
    }
  }

  /**
   * Opens the log that was named: the brokers', else that of the node of {@code data}, whose broker
   * is started if it does not run.
   *
   * @throws CommandLine.ParameterException if only one half was named
   */
  StoredLog open(Path data, Console console) throws NodeStartException {
    if (named()) {
      return StoredLog.at(
          bootstrap.orElseThrow(() -> wrong("--registry needs --bootstrap HOST:PORT beside it")),
          registry.orElseThrow(() -> wrong("--bootstrap needs --registry URL beside it")),
          Optional.empty(),
          console.random());
    }
    Optional<NodeFile> running = NodeFile.read(data.resolve("node.json"));
    if (running.isPresent()) {
      return StoredLog.at(
          running.get().kafka(), running.get().registry(), Optional.of(data), console.random());
    }
    return StoredLog.in(data, console.random());
  }

  /**
   * The id of a tenant that may be given as a shop's domain.
   *
   * @throws CommandException if the domain is no shop's, or cannot be looked up
   */
  String tenant(String given, StoredLog log, Console console) throws CommandException {
    if (TENANT.matcher(given).matches() || !given.contains(".")) {
      return given;
    }
    Optional<String> tenant = log.tenant(given, console.clock());
    return tenant.orElseThrow(
        () ->
            new CommandException(
                named()
                    ? "the records of %s name a shop by its tenant id alone: give the id (an event of the shop has it as 'tenant') instead of '%s', or use --data"
                        .formatted(Topics.EVENTS, given)
                    : "there is no shop '%s' in this ledger".formatted(given)));
  }

  /** Wrong usage of the command that these options belong to. */
  CommandLine.ParameterException wrong(String sentence) {
    return new CommandLine.ParameterException(command.commandLine(), sentence);
  }
}
