package com.credlink.ledger.cli;

import com.credlink.ledger.node.DevCredentials;
import com.credlink.ledger.node.Node;
import com.credlink.ledger.node.NodeFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which node a command talks to, and as whom. */
final class ClientOptions {

  private static final URI DEFAULT_URL = URI.create("http://localhost:8080");
  private static final String TOKEN_VARIABLE = "LEDGER_TOKEN";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The node (default: what node.json in the data directory says).")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the node (default: ./data).")
  private Optional<Path> data = Optional.empty();

  /** Where the node answers. */
  URI url() {
    return named().or(this::running).orElse(DEFAULT_URL);
  }

  /** The address that was given. */
  Optional<URI> named() {
    return url;
  }

  /** The address of the node of the data directory, if it runs. */
  Optional<URI> running() {
    return NodeFile.read(data().resolve("node.json")).map(NodeFile::url);
  }

  /** The data directory that was given, else the one that nodes have by default. */
  Path data() {
    return data.orElse(Path.of("data"));
  }

  /** Whether the data directory was given. */
  boolean namesData() {
    return data.isPresent();
  }

  /** The token of an administrator: from the environment, else from the data directory. */
  String administrator(Console console) throws CommandException {
    return Optional.ofNullable(console.environment().get(TOKEN_VARIABLE))
        .filter(token -> !token.isBlank())
        .or(this::developmentToken)
        .or(this::firstToken)
        .orElseThrow(
            () ->
                new CommandException(
                    "no administrator's token: set %s, or name the node's data directory with --data"
                        .formatted(TOKEN_VARIABLE)));
  }

  /** The token of an operator: from the environment, else from the data directory. */
  String operator(Console console) throws CommandException {
    return Optional.ofNullable(console.environment().get(TOKEN_VARIABLE))
        .filter(token -> !token.isBlank())
        .or(() -> developmentToken("operator", Optional.empty()))
        .orElseThrow(
            () ->
                new CommandException(
                    "no operator's token: set %s, or name the data directory of a development node with --data"
                        .formatted(TOKEN_VARIABLE)));
  }

  /** The token of a merchant: from the environment, else of a development shop. */
  String merchant(String shop, Console console) throws CommandException {
    return Optional.ofNullable(console.environment().get(TOKEN_VARIABLE))
        .filter(token -> !token.isBlank())
        .or(() -> developmentToken(DevCredentials.MERCHANT, Optional.of(shop)))
        .orElseThrow(
            () ->
                new CommandException(
                    "no token of the shop '%s': set %s, or name the data directory of a development node with --data"
                        .formatted(shop, TOKEN_VARIABLE)));
  }

  private Optional<String> developmentToken() {
    return developmentToken("admin", Optional.empty());
  }

  private Optional<String> developmentToken(String role, Optional<String> shop) {
    try {
      return DevCredentials.read(data().resolve("credentials.json"))
          .token(role, shop)
          .map(token -> token.reveal());
    } catch (IOException | IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private Optional<String> firstToken() {
    try {
      return Optional.of(Files.readString(data().resolve(Node.ADMIN_TOKEN)).strip());
    } catch (IOException none) {
      return Optional.empty();
    }
  }
}
