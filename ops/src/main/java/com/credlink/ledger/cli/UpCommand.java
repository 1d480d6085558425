package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.log.Durability;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ledger up}: everything in one process. */
@Command(
    name = "up",
    description =
        "Run everything in this process: broker, registry, topics, topologies, signers, API.",
    footer = {
      "",
      "A restart on the same directory continues where it stopped. SIGTERM or Ctrl-C closes"
          + " cleanly.",
      "credentials.json in the directory has the tokens, the Shopify client secret and the two"
          + " development shops."
    })
final class UpCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: ./data).")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of the API (default: 8080); 0 picks a free one.")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      description = "Port of the broker (default: 9092); 0 picks a free one.")
  private Optional<Integer> kafkaPort = Optional.empty();

  @Option(
      names = "--registry-port",
      paramLabel = "N",
      description = "Port of the schema registry (default: 8081); 0 picks a free one.")
  private Optional<Integer> registryPort = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A configuration file (see 'ledger config show').")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--demo",
      description = "Play real traffic once requests are answered, then keep running.")
  private boolean demo;

  @Option(
      names = "--durability",
      paramLabel = "process|power",
      description =
          "What an acknowledged fact survives: the end of this process (default), or a power cut"
              + " too.")
  private Optional<Durability> durability = Optional.empty();

  UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    var options = new HashMap<String, String>();
    data.ifPresent(value -> options.put("data.directory", value.toString()));
    port.ifPresent(value -> options.put("http.port", value.toString()));
    kafkaPort.ifPresent(value -> options.put("kafka.port", value.toString()));
    registryPort.ifPresent(value -> options.put("registry.port", value.toString()));
    durability.ifPresent(value -> options.put("durability", value.configName()));
    var config = Config.load(Config.Profile.EMBEDDED, file, console.environment(), options);
    var session = NodeSession.open(config, console.random());
    session.announce(console.out(), config);
    if (demo) {
      new Demo(session.node().url(), session.development().orElseThrow(), console).play();
    }
    session.untilStopped(console.err());
    return ExitCode.DONE;
  }
}
