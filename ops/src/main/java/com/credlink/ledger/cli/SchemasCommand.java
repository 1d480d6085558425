package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.ConfigException;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.CompatibilityLevel;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.registry.Subjects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ledger schemas}. */
@Command(
    name = "schemas",
    description = "Register or check the event schemas in a registry.",
    synopsisSubcommandLabel = "COMMAND")
final class SchemasCommand implements Runnable {

  /**
   * What every subject of ours evolves under: old and new readers and writers all understand each
   * other.
   */
  static final CompatibilityLevel LEVEL = CompatibilityLevel.FULL_TRANSITIVE;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private static HttpSchemaRegistry registry(Config config, Console console) {
    return HttpSchemaRegistry.builder(config.registry().urls(), console.random())
        .authentication(config.registry().authentication())
        .build();
  }

  /** {@code ledger schemas register}. */
  @Command(
      name = "register",
      description = "Register every event schema under FULL_TRANSITIVE; safe to repeat.")
  static final class Register implements Callable<Integer> {
    private final Console console;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    Register(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws ConfigException {
      var config = cluster.load(console);
      try (var registry = registry(config, console)) {
        int registered = 0;
        for (var schema : EventCatalogue.load().schemas()) {
          var subject = Subjects.of(Topics.EVENTS, schema);
          try {
            registry.register(subject, schema);
            registry.setLevel(subject, LEVEL);
            registered++;
          } catch (RegistryException.Incompatible e) {
            console
                .err()
                .println("ledger: '" + subject + "' is refused as incompatible: " + e.getMessage());
            return ExitCode.NO;
          }
        }
        console.out().println(registered + " schemas are registered");
      }
      return ExitCode.DONE;
    }
  }

  /** {@code ledger schemas check}. */
  @Command(
      name = "check",
      description =
          "Report every schema that the registry lacks, refuses, or holds under another level; exit"
              + " code 1 if any.")
  static final class Check implements Callable<Integer> {
    private final Console console;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    Check(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws ConfigException {
      var config = cluster.load(console);
      int deviations = 0;
      try (var registry = registry(config, console)) {
        for (var schema : EventCatalogue.load().schemas()) {
          var deviation = deviation(registry, Subjects.of(Topics.EVENTS, schema), schema);
          if (deviation.isPresent()) {
            deviations++;
            console.out().println(deviation.get());
          }
        }
      }
      console
          .out()
          .println(deviations == 0 ? "every schema is registered" : deviations + " deviations");
      return deviations == 0 ? ExitCode.DONE : ExitCode.NO;
    }

    private static Optional<String> deviation(
        SchemaRegistry registry, String subject, Schema schema) {
      try {
        registry.lookup(subject, schema);
      } catch (RegistryException.SubjectNotFound e) {
        return Optional.of("subject " + subject + ": is not there; run 'ledger schemas register'");
      } catch (RegistryException.SchemaNotFound e) {
        return Optional.of(
            "subject "
                + subject
                + (registry.compatible(subject, schema)
                    ? ": lacks this version; run 'ledger schemas register'"
                    : ": holds versions that this one is not compatible with"));
      }
      var level = registry.level(subject);
      return level == LEVEL
          ? Optional.empty()
          : Optional.of(
              "subject " + subject + ": compatibility is " + level + ", must be " + LEVEL);
    }
  }
}
