package com.credlink.ledger.cli;

import com.credlink.ledger.api.access.Role;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger token}. */
@Command(
    name = "token",
    description = "Create or revoke API credentials; each is an event.",
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** {@code ledger token create}. */
  @Command(
      name = "create",
      description = "Create a token and print it, once: the node keeps its hash only.",
      footer = {
        "",
        "stdout has the token, stderr its id. Needs an administrator's token: LEDGER_TOKEN, else"
            + " the data directory's."
      })
  static final class Create implements Callable<Integer> {
    private final Console console;
    @Spec private CommandSpec spec;
    @Mixin private ClientOptions client = new ClientOptions();

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "merchant, operator, auditor, privacy-officer, admin or producer.")
    private String role = "";

    @Option(
        names = "--tenant",
        paramLabel = "SHOP",
        description = "Bind it to a shop; a merchant's must be.")
    private Optional<String> shop = Optional.empty();

    @Option(names = "--ttl", paramLabel = "12h", description = "When it ends (default: never).")
    private Optional<String> ttl = Optional.empty();

    Create(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws CommandException {
      if (Role.of(role).isEmpty()) {
        throw new ParameterException(spec.commandLine(), "there is no role '" + role + "'");
      }
      var body = NodeClient.object().put("role", role);
      shop.ifPresent(domain -> body.put("shop", domain));
      ttl.ifPresent(duration -> body.put("ttl", duration));
      try (var node = new NodeClient(client.url(), client.administrator(console))) {
        var made =
            node.send("POST", "/v1/tokens", Optional.of(body))
                .orElseThrow(() -> new CommandException("the node has no tokens to give"));
        console.err().println("token " + made.path("id").asText() + " for " + role);
        console.out().println(made.path("token").asText());
        return ExitCode.DONE;
      }
    }
  }

  /** {@code ledger token revoke}. */
  @Command(name = "revoke", description = "Revoke a token; from then on it lets nobody in.")
  static final class Revoke implements Callable<Integer> {
    private final Console console;
    @Spec private CommandSpec spec;
    @Mixin private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ID", description = "The token's id, as 'token create' printed it.")
    private String id = "";

    Revoke(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws CommandException {
      if (!id.matches("[0-9a-f]{16}")) {
        throw new ParameterException(
            spec.commandLine(), "'" + id + "' is no token id: 16 hexadecimal digits");
      }
      try (var node = new NodeClient(client.url(), client.administrator(console))) {
        if (node.send("DELETE", "/v1/tokens/" + id, Optional.empty()).isEmpty()) {
          console.err().println("ledger: there is no token " + id);
          return ExitCode.NO;
        }
        console.out().println("revoked " + id);
        return ExitCode.DONE;
      }
    }
  }
}
