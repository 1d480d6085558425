package com.credlink.ledger.cli;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.node.LogKeyChange;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.StoredLog;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ledger keys}. */
@Command(
    name = "keys",
    description = "Show and replace the keys of a node; each change is an event.",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** What the commands have in common: they are about the keys of the log. */
  abstract static class OfLog implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--log",
        required = true,
        description = "The keys that sign the checkpoints of the logs.")
    @SuppressWarnings("UnusedVariable") // there are no others yet that could be meant
    private boolean log;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Directory of the stopped node (default: ./data).")
    private Path data = Path.of("data");

    OfLog(Console console) {
      this.console = console;
    }

    abstract LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException;

    @Override
    public Integer call() throws CommandException, NodeStartException {
      Optional<NodeFile> running = NodeFile.read(data.resolve("node.json"));
      if (running.isPresent()) {
        throw new CommandException(
            "the node of '%s' runs (process %d): stop it first"
                .formatted(data, running.get().pid()));
      }
      NodeSession.logInto(data.resolve("logs"));
      try (StoredLog stored = StoredLog.in(data, console.random())) {
        LogKeys now =
            stored
                .keys()
                .orElseThrow(
                    () ->
                        new CommandException(
                            "'%s' has no keys of the log (keys/log.p12)".formatted(data)));
        print(change(new LogKeyChange(stored, data, console.random(), console.clock()), now));
        return ExitCode.DONE;
      }
    }

    private void print(LogKeys keys) {
      keys.signing().forEach(pair -> print(pair.publicHalf(), "signs"));
      keys.retired().forEach(pair -> print(pair, "retired"));
    }

    private void print(LogKeys.PublicPair pair, String state) {
      console
          .out()
          .println(
              "pair %d  %-8s Ed25519 %s"
                  .formatted(
                      pair.version(), state, HexFormat.of().formatHex(pair.ed25519().toArray())));
    }
  }

  /** {@code ledger keys list}. */
  @Command(name = "list", description = "Show the pairs of keys, the newest first.")
  static final class Show extends OfLog {
    Show(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) {
      return now;
    }
  }

  /** {@code ledger keys rotate}. */
  @Command(
      name = "rotate",
      description =
          "Make a new pair of keys, which signs beside the old one from the next start on.",
      footer = {
        "",
        "While both sign, verifiers with the old keys and with the new ones accept every"
            + " checkpoint. GET /tlog has the keys; 'ledger keys retire --log' ends the old pair."
      })
  static final class Rotate extends OfLog {
    Rotate(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException {
      return change.rotate();
    }
  }

  /** {@code ledger keys retire}. */
  @Command(
      name = "retire",
      description = "End the older of two pairs: its private half is removed.",
      footer = {
        "",
        "Verifiers that know only its keys do not accept later checkpoints. GET /tlog keeps them as"
            + " 'retired_vkeys', for the checkpoints that they have signed."
      })
  static final class Retire extends OfLog {
    Retire(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException {
      return change.retire();
    }
  }
}
