package com.credlink.ledger.cli;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.node.LogSealing;
import com.credlink.ledger.node.LogSealing.Plan;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.StoredLog;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ledger log}. */
@Command(
    name = "log",
    description = "What an operator does to a log itself.",
    synopsisSubcommandLabel = "COMMAND")
final class LogCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** {@code ledger log seal}. */
  @Command(
      name = "seal",
      description =
          "End a log that has lost or changed records, and begin its successor over the records as"
              + " they are.",
      footer = {
        "",
        "Without --yes it says what is lost and changes nothing. No record and no checkpoint is"
            + " removed.",
        "The loss is stated in the log (LogSealed), signed with the ended log's key, and shown in"
            + " GET /tlog.",
        "The node must be stopped; its projections are made again from the log at the next start."
      })
  static final class Seal implements Callable<Integer> {
    private static final int REASON_MAX = 200;

    private final Console console;
    @Spec private CommandSpec spec;

    @Option(
        names = "--partition",
        required = true,
        paramLabel = "N",
        description = "The partition whose log is to be ended.")
    private int partition;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Directory of the stopped node, with the log's keys (default: ./data).")
    private Path data = Path.of("data");

    @Option(
        names = "--bootstrap",
        paramLabel = "HOST:PORT",
        description =
            "The brokers, if they are not the node's own; all its processes must be stopped.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
        names = "--registry",
        paramLabel = "URL",
        description = "The schema registry beside --bootstrap.")
    private Optional<URI> registry = Optional.empty();

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Why, in one line that everybody may read.")
    private String reason = "records were lost or changed";

    @Option(names = "--yes", description = "Seal it, instead of only saying what is lost.")
    private boolean yes;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    Seal(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws CommandException, NodeStartException {
      requireLine(reason);
      Optional<NodeFile> running = NodeFile.read(data.resolve("node.json"));
      if (running.isPresent()) {
        throw new CommandException(
            "the node of '%s' runs (process %d): stop it first"
                .formatted(data, running.get().pid()));
      }
      NodeSession.logInto(data.resolve("logs"));
      try (StoredLog log = open()) {
        if (partition < 0 || partition >= log.partitions()) {
          throw new ParameterException(
              spec.commandLine(),
              "there is no partition %d: the ledger has 0 to %d"
                  .formatted(partition, log.partitions() - 1));
        }
        LogKeys keys =
            log.keys()
                .orElseThrow(
                    () ->
                        new CommandException(
                            "'%s' has no keys of the log (keys/log.p12)".formatted(data)));
        return seal(
            new LogSealing(log, partition, bootstrap.isEmpty(), console.random(), console.clock()),
            keys);
      } catch (IntegrityFault unreadable) {
        throw new CommandException(
            "no log can be made of these records: %s Restore them from a copy first."
                .formatted(unreadable.getMessage()),
            unreadable);
      }
    }

    private StoredLog open() throws NodeStartException {
      if (bootstrap.isPresent() != registry.isPresent()) {
        throw new ParameterException(
            spec.commandLine(), "--bootstrap and --registry need each other");
      }
      return bootstrap.isPresent()
          ? StoredLog.at(bootstrap.get(), registry.get(), Optional.of(data), console.random())
          : StoredLog.in(data, console.random());
    }

    private void requireLine(String text) {
      if (text.isBlank()
          || text.length() > REASON_MAX
          || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw new ParameterException(
            spec.commandLine(), "--reason is one line of at most " + REASON_MAX + " characters");
      }
    }

    private int seal(LogSealing sealing, LogKeys keys) throws NodeStartException {
      ProgressLine progress = new ProgressLine(console, "partition " + partition);
      Plan plan = sealing.plan(progress::entries);
      if (plan.isIntact()) {
        console
            .out()
            .println(
                "%s is intact: its %d records have all that was signed, up to size %d; nothing to seal"
                    .formatted(plan.origin(), plan.records(), plan.signed().size()));
        return ExitCode.NO;
      }
      if (!json || !yes) {
        describe(plan);
      }
      if (!yes) {
        console.out().println("nothing was changed; --yes seals it");
        return ExitCode.NO;
      }
      SealedLog sealed = sealing.seal(plan, keys, reason);
      if (json) {
        console.out().println(json(plan));
      } else {
        console
            .out()
            .println(
                "sealed %s at size %d; %s has begun"
                    .formatted(
                        plan.origin(), sealed.seal().kept().size(), plan.origin().successor()));
      }
      return ExitCode.DONE;
    }

    private void describe(Plan plan) {
      var out = console.out();
      out.println("log         " + plan.origin());
      out.println("signed      up to size " + plan.signed().size());
      out.println("records     " + plan.records() + " are there");
      out.println("still holds up to size " + plan.keptSize() + ", as it was signed");
      out.println(
          "lost        %d records from offset %d on are missing or are not what was signed"
              .formatted(
                  Math.max(plan.signed().size(), plan.known()) - plan.keptSize(), plan.keptSize()));
      out.println("successor   " + plan.origin().successor() + ", over the records that are there");
    }

    private static String json(Plan plan) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("sealed", true)
          .put("origin", plan.origin().toString())
          .put("size", plan.keptSize())
          .put("signed_size", plan.signed().size())
          .put("records", plan.records())
          .put("successor", plan.origin().successor().toString())
          .toString();
    }
  }
}
