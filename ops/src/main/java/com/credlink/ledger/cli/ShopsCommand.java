package com.credlink.ledger.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger shops}. */
@Command(
    name = "shops",
    description = "Install shops; each installation is an event.",
    synopsisSubcommandLabel = "COMMAND")
final class ShopsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** {@code ledger shops install}. */
  @Command(
      name = "install",
      description = "Install the app in a shop, so that its webhooks are taken.")
  static final class Install implements Callable<Integer> {
    private final Console console;
    @Mixin private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "DOMAIN", description = "Such as snowdevil.myshopify.com.")
    private String domain = "";

    @Option(
        names = "--shop-id",
        required = true,
        paramLabel = "N",
        description = "Shopify's number of the shop.")
    private long shopId;

    Install(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws CommandException {
      if (!domain.matches("[A-Za-z0-9.-]{1,100}")) {
        throw new CommandException("'" + domain + "' is no domain");
      }
      var body = NodeClient.object().put("shop_id", Long.toString(shopId));
      try (var node = new NodeClient(client.url(), client.administrator(console))) {
        var installed =
            node.send("PUT", "/v1/shops/" + domain, Optional.of(body))
                .orElseThrow(() -> new CommandException("the node does not install shops"));
        console
            .out()
            .println(
                "installed %s (shop id %s) as tenant %s"
                    .formatted(
                        installed.path("shop").asText(),
                        installed.path("shop_id").asText(),
                        installed.path("tenant").asText()));
        return ExitCode.DONE;
      }
    }
  }
}
