package com.credlink.ledger.cli;

import com.credlink.ledger.bench.Bench;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger bench}. */
@Command(
    name = "bench",
    description = "Measure the ledger beside plain baselines, in one run.",
    footer = {
      "",
      "Everything runs on this machine, in directories that are removed afterwards; all scenarios"
          + " take about fifteen minutes. Results are rows of Markdown, the ratio to the baseline"
          + " first. What they mean: docs/performance.md."
    })
final class BenchCommand implements Callable<Integer> {

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SCENARIO",
      description =
          "Any of append, ingest, fold, query, merkle, verify, proof, sign, boot (default: all).",
      arity = "0..*")
  private List<String> scenarios = List.of();

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    for (String name : scenarios) {
      if (!Bench.names().contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no scenario '" + name + "'; there are " + String.join(", ", Bench.names()));
      }
    }
    Bench.run(scenarios, console.out(), console.err());
    return ExitCode.DONE;
  }
}
