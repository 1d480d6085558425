package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.ConfigException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ledger topics}. */
@Command(
    name = "topics",
    description = "Create or check the topics on a cluster.",
    synopsisSubcommandLabel = "COMMAND")
final class TopicsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private static TopicAdmin admin(Config config) {
    return new TopicAdmin(
        new KafkaConnection(
            String.join(",", config.kafka().bootstrap()), config.kafka().properties()));
  }

  private static Topics declared(Config config) {
    return Topics.cluster(config.partitions(), config.kafka().replication(), config.durability());
  }

  /** {@code ledger topics create}. */
  @Command(
      name = "create",
      description = "Create the topics that are missing; what exists is left as it is.")
  static final class Create implements Callable<Integer> {
    private final Console console;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    Create(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws ConfigException {
      var config = cluster.load(console);
      try (var admin = admin(config)) {
        var declared = declared(config);
        var made = admin.create(declared);
        new TreeSet<>(made).forEach(name -> console.out().println("created " + name));
        console
            .out()
            .println(
                declared.all().size()
                    - made.size()
                    + " existed already; 'ledger topics check' compares them");
      }
      return ExitCode.DONE;
    }
  }

  /** {@code ledger topics check}. */
  @Command(
      name = "check",
      description =
          "Report every setting that deviates from what the code declares; exit code 1 if any"
              + " does.")
  static final class Check implements Callable<Integer> {
    private final Console console;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    Check(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws ConfigException {
      var config = cluster.load(console);
      try (var admin = admin(config)) {
        var deviations = admin.check(declared(config));
        deviations.forEach(console.out()::println);
        console
            .out()
            .println(
                deviations.isEmpty()
                    ? "every topic is as declared"
                    : deviations.size() + " deviations");
        return deviations.isEmpty() ? ExitCode.DONE : ExitCode.NO;
      }
    }
  }
}
