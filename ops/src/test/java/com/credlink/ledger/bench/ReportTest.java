package com.credlink.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Report report =
      new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), System.err);

  @Test
  void shouldSayWhetherATargetIsMetOrMissed() {
    report.atLeast("verify", "rate", 200_000, "events/s", 200_000);
    report.atLeast("verify", "rate", 199_999, "events/s", 200_000);
    report.below("merkle", "disk", 39.9, "bytes", 40);
    report.below("merkle", "disk", 40, "bytes", 40);

    assertThat(lines())
        .containsExactly(
            "| verify | rate | **200,000** events/s | >= 200,000 events/s, met |",
            "| verify | rate | **199,999** events/s | >= 200,000 events/s, missed |",
            "| merkle | disk | **39.9** bytes | < 40 bytes, met |",
            "| merkle | disk | **40.0** bytes | < 40 bytes, missed |");
  }

  @Test
  void shouldJudgeALatencyByItsNinetyNinthPercentile() {
    Histogram micros = new Histogram(3);
    micros.recordValueWithCount(1_000, 98);
    micros.recordValueWithCount(50_000, 2);

    report.latency("proof", "path", micros, 10);

    assertThat(lines()).singleElement().asString().contains("p50 1.00").endsWith("missed |");
  }

  @Test
  void shouldTakeTheMedianOfThePairsAfterOneThatWarmsUp() throws Exception {
    var ours = new double[] {1, 30, 10, 20}; // against 10 each
    var at = new int[1];

    Rounds.Ratio ratio = Rounds.of(3, () -> ours[at[0]++], () -> 10.0);

    assertThat(ratio.median()).isEqualTo(2.0);
    assertThat(ratio.least()).isEqualTo(1.0);
    assertThat(ratio.most()).isEqualTo(3.0);
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
