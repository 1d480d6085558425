package com.credlink.ledger.bench;

import java.io.PrintStream;
import java.util.List;

/** All scenarios, in the order in which they are told about. */
public final class Bench {

  private static final List<Scenario> SCENARIOS =
      List.of(
          new AppendBench(),
          new IngestBench(),
          new FoldBench(),
          new QueryBench(),
          new MerkleBench(),
          new VerifyBench(),
          new ProofBench(),
          new SignBench(),
          new BootBench());

  private Bench() {}

  /** Names of the scenarios. */
  public static List<String> names() {
    return SCENARIOS.stream().map(Scenario::name).toList();
  }

  /**
   * Runs scenarios.
   *
   * @param wanted names of those to run; all if empty
   * @param out takes the results as a table
   * @param progress takes what is going on
   */
  public static void run(List<String> wanted, PrintStream out, PrintStream progress)
      throws Exception {
    Report report = new Report(out, progress);
    report.header();
    for (Scenario scenario : SCENARIOS) {
      if (wanted.isEmpty() || wanted.contains(scenario.name())) {
        scenario.run(report);
      }
    }
  }
}
