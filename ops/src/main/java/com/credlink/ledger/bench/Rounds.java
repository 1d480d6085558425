package com.credlink.ledger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Pairs of rounds: ours, the baseline, ours, the baseline. What disturbs the machine disturbs both,
 * and the ratio of a pair says more than two figures of different minutes.
 */
final class Rounds {

  private Rounds() {}

  /**
   * Operations per second.
   *
   * @param median of the ratios of the pairs
   * @param ours median
   * @param baseline median
   */
  record Ratio(
      double median, double least, double most, int rounds, double ours, double baseline) {}

  /** Runs {@code count} pairs after one that only warms up; each call returns operations/s. */
  static Ratio of(int count, Callable<Double> ours, Callable<Double> baseline) throws Exception {
    ours.call();
    baseline.call();
    List<Double> ratios = new ArrayList<>();
    List<Double> our = new ArrayList<>();
    List<Double> base = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = ours.call();
      double b = baseline.call();
      our.add(a);
      base.add(b);
      ratios.add(a / b);
    }
    ratios.sort(null);
    return new Ratio(
        median(ratios), ratios.getFirst(), ratios.getLast(), count, median(our), median(base));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
