package com.credlink.ledger.bench;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Prints results as rows of a table in Markdown, ratios before absolute figures. */
final class Report {

  private final PrintStream out;
  private final PrintStream progress;

  Report(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  void header() {
    out.println("| scenario | figure | measured | target |");
    out.println("|---|---|---|---|");
  }

  /** Ours against the baseline: how many times as fast. */
  void ratio(String scenario, String what, Rounds.Ratio ratio, double target) {
    row(
        scenario,
        what,
        measured(ratio),
        ">= %.2f, %s".formatted(target, verdict(ratio.median() >= target)));
  }

  /** A distribution of latencies, in microseconds, judged by its 99th percentile. */
  void latency(String scenario, String what, Histogram micros, double targetMillis) {
    double p99 = micros.getValueAtPercentile(99) / 1000.0;
    row(
        scenario,
        what,
        percentiles(micros),
        "p99 < %.0f ms, %s".formatted(targetMillis, verdict(p99 < targetMillis)));
  }

  /** A distribution that others are compared with. */
  void reference(String scenario, String what, Histogram micros) {
    row(scenario, what, percentiles(micros), "");
  }

  /** One figure that must stay below a target. */
  void below(String scenario, String what, double value, String unit, double target) {
    row(
        scenario,
        what,
        "**%.1f** %s".formatted(value, unit),
        "< %.0f %s, %s".formatted(target, unit, verdict(value < target)));
  }

  /** One rate that must reach a target. */
  void atLeast(String scenario, String what, double value, String unit, double target) {
    row(
        scenario,
        what,
        "**%,.0f** %s".formatted(value, unit),
        ">= %,.0f %s, %s".formatted(target, unit, verdict(value >= target)));
  }

  /** Ours against the baseline, where the target is not a ratio. */
  void ratio(String scenario, String what, Rounds.Ratio ratio) {
    row(scenario, what, measured(ratio), "");
  }

  void progress(String line) {
    progress.println("bench: " + line);
  }

  private static String measured(Rounds.Ratio ratio) {
    return "**%.2f** (%.2f to %.2f over %d rounds); %,.0f/s beside %,.0f/s"
        .formatted(
            ratio.median(),
            ratio.least(),
            ratio.most(),
            ratio.rounds(),
            ratio.ours(),
            ratio.baseline());
  }

  private static String percentiles(Histogram micros) {
    return "p50 %.2f, **p99 %.2f**, p99.9 %.2f, most %.2f ms (%,d)"
        .formatted(
            micros.getValueAtPercentile(50) / 1000.0,
            micros.getValueAtPercentile(99) / 1000.0,
            micros.getValueAtPercentile(99.9) / 1000.0,
            micros.getMaxValue() / 1000.0,
            micros.getTotalCount());
  }

  private static String verdict(boolean met) {
    return met ? "met" : "missed";
  }

  private void row(String scenario, String what, String measured, String target) {
    out.println(
        String.format(Locale.ROOT, "| %s | %s | %s | %s |", scenario, what, measured, target));
    out.flush();
  }
}
