package com.credlink.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger queue}. */
@Command(
    name = "queue",
    description = "Show the signing requests of a shop, and intervene; each act is an event.",
    synopsisSubcommandLabel = "COMMAND")
final class QueueCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** What the commands have in common: an operator, and one shop's requests. */
  abstract static class OfShop implements Callable<Integer> {
    final Console console;
    @Mixin private ClientOptions client = new ClientOptions();

    @Option(
        names = "--tenant",
        required = true,
        paramLabel = "SHOP",
        description = "The shop's domain.")
    private String shop = "";

    OfShop(Console console) {
      this.console = console;
    }

    abstract int call(NodeClient node, String requests) throws CommandException;

    @Override
    public final Integer call() throws CommandException {
      try (NodeClient node = new NodeClient(client.url(), client.operator(console))) {
        return call(node, "/v1/shops/" + encoded(shop) + "/signing-requests");
      }
    }

    /** Hands on every request of a list, page by page. */
    static void each(NodeClient node, String list, Consumer<JsonNode> with)
        throws CommandException {
      Optional<String> cursor = Optional.empty();
      do {
        String page = list + cursor.map(next -> "&cursor=" + encoded(next)).orElse("");
        JsonNode body =
            node.send("GET", page, Optional.empty())
                .orElseThrow(() -> new CommandException("there is no such shop"));
        body.path("items").forEach(with);
        cursor = Optional.ofNullable(body.path("next").textValue());
      } while (cursor.isPresent());
    }

    static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  /** {@code ledger queue list}. */
  @Command(
      name = "list",
      description = "Print a line for each request, the newest first.",
      footer = {"", "Needs an operator's token: LEDGER_TOKEN, else the data directory's."})
  static final class Show extends OfShop {

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only those, such as DEAD_LETTERED.")
    private Optional<String> status = Optional.empty();

    @Option(names = "--lane", paramLabel = "LANE", description = "Only those of a lane.")
    private Optional<String> lane = Optional.empty();

    Show(Console console) {
      super(console);
    }

    @Override
    int call(NodeClient node, String requests) throws CommandException {
      String list =
          requests
              + "?limit=500"
              + status.map(name -> "&status=" + encoded(name.toUpperCase(Locale.ROOT))).orElse("")
              + lane.map(name -> "&lane=" + encoded(name)).orElse("");
      each(node, list, this::print);
      return ExitCode.DONE;
    }

    private void print(JsonNode request) {
      console
          .out()
          .println(
              "%s  %-17s  %-11s  attempt %d  %s  %s"
                  .formatted(
                      request.path("request_id").asText(),
                      request.path("status").asText(),
                      request.path("lane").asText(),
                      request.path("attempt").asInt(),
                      request.path("updated_at").asText(),
                      request.at("/failure/reason").asText(""))
                  .stripTrailing());
    }
  }

  /** {@code ledger queue redrive}. */
  @Command(
      name = "redrive",
      description = "Send dead-lettered requests into a new series of attempts.")
  static final class Redrive extends OfShop {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids of the requests.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All that are dead-lettered now.")
    private boolean all;

    Redrive(Console console) {
      super(console);
    }

    @Override
    int call(NodeClient node, String requests) throws CommandException {
      if (ids.isEmpty() != all) {
        throw new ParameterException(spec.commandLine(), "name requests, or --all");
      }
      List<String> wanted = new ArrayList<>(ids);
      if (all) {
        each(
            node,
            requests + "?limit=500&status=DEAD_LETTERED",
            request -> wanted.add(request.path("request_id").asText()));
      }
      return intervene(node, requests, wanted, "redrive", console);
    }
  }

  /** {@code ledger queue cancel}. */
  @Command(name = "cancel", description = "Cancel requests that are not signed yet.")
  static final class Cancel extends OfShop {

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of the requests.")
    private List<String> ids = List.of();

    Cancel(Console console) {
      super(console);
    }

    @Override
    int call(NodeClient node, String requests) throws CommandException {
      return intervene(node, requests, ids, "cancel", console);
    }
  }

  /** Does it to each; what is refused is said, and the others go on. */
  private static int intervene(
      NodeClient node, String requests, List<String> ids, String what, Console console) {
    int exitCode = ExitCode.DONE;
    int done = 0;
    for (String id : ids) {
      try {
        String path = requests + "/" + OfShop.encoded(id) + "/" + what;
        if (node.send("POST", path, Optional.empty()).isPresent()) {
          done++;
        } else {
          console.err().println("ledger: there is no request " + id);
          exitCode = ExitCode.NO;
        }
      } catch (CommandException e) {
        console.err().println("ledger: " + id + ": " + e.getMessage());
        exitCode = ExitCode.NO;
      }
    }
    console.out().println("%s: %,d of %,d requests".formatted(what, done, ids.size()));
    return exitCode;
  }
}
