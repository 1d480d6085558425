package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.ConfigException;
import com.credlink.ledger.node.DevCredentials;
import com.credlink.ledger.node.NodeStartException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ledger demo}: real traffic, each step checked. */
@Command(
    name = "demo",
    description =
        "Play signed webhooks, signing requests and refused calls, and check every outcome.",
    footer = {
      "",
      "Without --url a throwaway node is started in a temporary directory and removed afterwards.",
      "With --url the tokens and the client secret come from credentials.json in the --data"
          + " directory.",
      "Exit code 0 only if every step came out as it should."
    })
final class DemoCommand implements Callable<Integer> {

  private final Console console;

  @Option(names = "--url", paramLabel = "URL", description = "A node that runs already.")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Its data directory (default: ./data).")
  private Path data = Path.of("data");

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    return (url.isPresent() ? against(url.get()) : againstThrowawayNode())
        ? ExitCode.DONE
        : ExitCode.NO;
  }

  private boolean against(URI node) throws CommandException {
    var file = data.resolve("credentials.json");
    try {
      return new Demo(node, DevCredentials.read(file), console).play();
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(
          "'%s' cannot be read; name the data directory of the node at %s with --data"
              .formatted(file, node),
          e);
    }
  }

  private boolean againstThrowawayNode() throws ConfigException, NodeStartException, IOException {
    var directory = Files.createTempDirectory("ledger-demo-");
    // Ctrl-C must not leave it behind.
    var removal = new Thread(() -> remove(directory), "ledger-demo-remove");
    Runtime.getRuntime().addShutdownHook(removal);
    var options =
        Map.of(
            "data.directory",
            directory.toString(),
            "http.port",
            "0",
            "kafka.port",
            "0",
            "registry.port",
            "0");
    var config = Config.load(Config.Profile.EMBEDDED, Optional.empty(), Map.of(), options);
    console.out().println("Starting a throwaway node in " + directory);
    try (var session = NodeSession.open(config, console.random())) {
      return new Demo(session.node().url(), session.development().orElseThrow(), console).play();
    }
  }

  private static void remove(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A temporary directory: the system removes what is left.
    }
  }
}
