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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

  /**
   * What is done to the keys that sign assets, over the API, or with {@code --log} to the others.
   */
  abstract static class OfEither implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--log",
        description = "The keys that sign the checkpoints of the logs; the node must be stopped.")
    private boolean log;

    @Mixin private ClientOptions client = new ClientOptions();

    OfEither(Console console) {
      this.console = console;
    }

    abstract LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException;

    abstract int change(SigningKeysClient keys) throws CommandException;

    @Override
    public Integer call() throws CommandException, NodeStartException {
      if (log) {
        return ofLog(client.data());
      }
      try (NodeClient node = new NodeClient(client.url(), client.administrator(console))) {
        return change(new SigningKeysClient(node, console));
      }
    }

    private int ofLog(Path data) throws CommandException, NodeStartException {
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
  @Command(name = "list", description = "Show the keys that sign assets, or the log's.")
  static final class Show extends OfEither {
    Show(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) {
      return now;
    }

    @Override
    int change(SigningKeysClient keys) throws CommandException {
      return keys.list();
    }
  }

  /** {@code ledger keys rotate}. */
  @Command(
      name = "rotate",
      description = "Put a new key in the place of the active one.",
      footer = {
        "",
        "With --log a second pair is made, which signs beside the old one from the next start on."
            + " While both sign, verifiers with the old keys and with the new ones accept every"
            + " checkpoint. GET /tlog has the keys; 'ledger keys retire --log' ends the old pair."
      })
  static final class Rotate extends OfEither {
    @Option(
        names = "--algorithm",
        paramLabel = "ALG",
        description = "ES256, ES384, PS256, Ed25519 or ML-DSA-65 (default: ES256).")
    private String algorithm = "ES256";

    @Mixin private Reason reason = new Reason();

    Rotate(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException {
      return change.rotate();
    }

    @Override
    int change(SigningKeysClient keys) throws CommandException {
      return keys.rotate(algorithm, reason.word());
    }
  }

  /** {@code ledger keys retire}. */
  @Command(
      name = "retire",
      description = "End the signing of a key; what it has signed still verifies.",
      footer = {
        "",
        "With --log the older of two pairs ends: its private half is removed. Verifiers that know"
            + " only its keys do not accept later checkpoints. GET /tlog keeps them as"
            + " 'retired_vkeys', for the checkpoints that they have signed."
      })
  static final class Retire extends OfEither {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "KEY", arity = "0..1", description = "Its id; not with --log.")
    private Optional<String> key = Optional.empty();

    @Mixin private Reason reason = new Reason();

    Retire(Console console) {
      super(console);
    }

    @Override
    LogKeys change(LogKeyChange change, LogKeys now) throws NodeStartException {
      return change.retire();
    }

    @Override
    int change(SigningKeysClient keys) throws CommandException {
      String id =
          key.orElseThrow(
              () -> new ParameterException(spec.commandLine(), "name the key, or --log"));
      return keys.step(id, "retire", reason.word());
    }
  }

  /** Why, in a word. */
  static final class Reason {
    @Option(
        names = "--reason",
        paramLabel = "WORD",
        description = "Why, such as key_compromise; stands in the event.")
    private Optional<String> word = Optional.empty();

    Optional<String> word() {
      return word;
    }
  }

  /** What is done to one of the keys that sign assets. */
  abstract static class OfOne implements Callable<Integer> {
    private final Console console;
    @Mixin private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "KEY", description = "Id of the key, as 'keys list' shows it.")
    private String key = "";

    OfOne(Console console) {
      this.console = console;
    }

    abstract int change(SigningKeysClient keys, String id) throws CommandException;

    @Override
    public Integer call() throws CommandException {
      try (NodeClient node = new NodeClient(client.url(), client.administrator(console))) {
        return change(new SigningKeysClient(node, console), key);
      }
    }
  }

  /** {@code ledger keys activate}. */
  @Command(
      name = "activate",
      description =
          "Let a key that waited for its certificate sign in the place of the active one.")
  static final class Activate extends OfOne {
    @Mixin private Reason reason = new Reason();

    Activate(Console console) {
      super(console);
    }

    @Override
    int change(SigningKeysClient keys, String id) throws CommandException {
      return keys.step(id, "activate", reason.word());
    }
  }

  /** {@code ledger keys destroy}. */
  @Command(
      name = "destroy",
      description = "Delete the private half of a retired key; there is no way back.")
  static final class Destroy extends OfOne {
    @Mixin private Reason reason = new Reason();

    Destroy(Console console) {
      super(console);
    }

    @Override
    int change(SigningKeysClient keys, String id) throws CommandException {
      return keys.step(id, "destroy", reason.word());
    }
  }

  /** {@code ledger keys csr}. */
  @Command(
      name = "csr",
      description = "Print a request for a certificate (PKCS#10), for an authority elsewhere.")
  static final class Request extends OfOne {
    Request(Console console) {
      super(console);
    }

    @Override
    int change(SigningKeysClient keys, String id) throws CommandException {
      return keys.request(id);
    }
  }

  /** {@code ledger keys import}. */
  @Command(
      name = "import",
      description = "Take the certificate chain that an authority gave for a key.")
  static final class Import extends OfOne {
    @Parameters(
        paramLabel = "FILE",
        description = "Certificates in PEM: the key's first, then each intermediate.")
    private Path file = Path.of("");

    Import(Console console) {
      super(console);
    }

    @Override
    int change(SigningKeysClient keys, String id) throws CommandException {
      return keys.importChain(id, file);
    }
  }
}
