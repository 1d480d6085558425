package com.credlink.ledger.cli;

import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.node.DataDirectory;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.WitnessServer;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.witness.CosignedHeads;
import com.credlink.ledger.tlog.witness.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ledger witness}. */
@Command(
    name = "witness",
    description = "Run a witness: it cosigns the checkpoints of logs that only grow.",
    footer = {
      "",
      "Takes checkpoints by POST /add-checkpoint and shows the newest one of each log at"
          + " /<SHA-256 of the origin>/checkpoint (c2sp.org/tlog-witness). Its keys are made on the"
          + " first start; who trusts it needs the vkey lines that it prints.",
      "Many options may stand in a file that is named as @FILE."
    })
final class WitnessCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where it keeps its keys and what it has cosigned (default: ./witness).")
  private Path data = Path.of("witness");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Name of its keys, such as witness.example.com/w1. Never change it.")
  private String name = "";

  @Option(
      names = "--log-key",
      paramLabel = "VKEY",
      required = true,
      description =
          "Verifier key of a log that it watches; the key's name is the log's origin. Once for"
              + " each.")
  private List<String> logKeys = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: 127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 picks a free one (default: 8090).")
  private int port = 8090;

  WitnessCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, NodeStartException, InterruptedException {
    List<VerifierKey> watched = watched();
    Path directory = console.workingDirectory().resolve(data);
    DataDirectory held = DataDirectory.open(directory);
    Witness witness = open(directory, watched);
    WitnessServer server = WitnessServer.start(witness, host, port);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  held.close();
                  // Without this the signal's own number would become the exit code.
                  Runtime.getRuntime().halt(ExitCode.DONE);
                },
                "witness-close"));
    announce(witness, server);
    new CountDownLatch(1).await();
    return ExitCode.DONE;
  }

  private List<VerifierKey> watched() throws CommandException {
    List<VerifierKey> keys = new ArrayList<>();
    for (String text : logKeys) {
      try {
        keys.add(VerifierKey.parse(text));
      } catch (NoteException e) {
        throw new CommandException("--log-key '%s': %s".formatted(text, e.getMessage()), e);
      }
    }
    return keys;
  }

  private Witness open(Path directory, List<VerifierKey> watched) throws CommandException {
    try {
      LogKeys keys =
          LogKeys.open(
              directory.resolve("keys/witness.p12"),
              new Password.FromFile(directory.resolve("keys/witness.password")),
              console.random());
      List<NoteSigner> signers =
          List.of(
              LocalNoteSigner.ed25519Cosigner(name, keys.ed25519()),
              LocalNoteSigner.mlDsa44(name, keys.mlDsa44(), console.random()));
      List<VerifierKey> own = signers.stream().map(NoteSigner::key).toList();
      return new Witness(
          watched, signers, new CosignedHeads(directory.resolve("heads"), own), console.clock());
    } catch (NoteException e) {
      throw new CommandException("--name '%s': %s".formatted(name, e.getMessage()), e);
    } catch (KeyException | CosignedHeads.DamagedException e) {
      throw new CommandException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(directory), e);
    }
  }

  private void announce(Witness witness, WitnessServer server) {
    witness.keys().forEach(key -> console.out().println("vkey   " + key.format()));
    witness.origins().forEach(origin -> console.out().println("watch  " + origin));
    console.out().println("ready http://%s:%d".formatted(shown(), server.port()));
    console.out().flush();
  }

  private String shown() {
    return switch (host) {
      case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }
}
