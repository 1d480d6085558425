package com.credlink.ledger.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From the launch of a process, with the flags of this one, to its first answer; and how much
 * memory it takes, at rest and after a load.
 */
final class BootBench implements Scenario {

  private static final int STARTS = 5;
  private static final double BOOT_SECONDS = 5;
  private static final double RESIDENT_MIB = 700;
  private static final int RATE = 500;
  private static final Duration LOAD = Duration.ofSeconds(20);
  private static final int WORKERS = 16;

  @Override
  public String name() {
    return "boot";
  }

  @Override
  public void run(Report report) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      Path data = scratch.path().resolve("data");
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        boolean last = i == STARTS - 1;
        long began = System.nanoTime();
        try (NodeProcess node = NodeProcess.start(data)) {
          seconds.add((System.nanoTime() - began) / 1e9);
          report.progress("boot: %.2f s".formatted(seconds.getLast()));
          if (last) {
            loaded(report, node);
          }
        }
      }
      report.below("boot", "first start, empty directory", seconds.getFirst(), "s", BOOT_SECONDS);
      List<Double> again = seconds.subList(1, STARTS).stream().sorted().toList();
      report.below("boot", "later starts, median", again.get(again.size() / 2), "s", BOOT_SECONDS);
    }
  }

  private static void loaded(Report report, NodeProcess node) throws Exception {
    double rest = node.residentMiB();
    Webhooks webhooks =
        new Webhooks(node.credentials().clientSecrets().getFirst().secret().reveal());
    try (IngestBench.Connections connections = IngestBench.Connections.to(node.url(), WORKERS)) {
      OpenLoop.run(RATE, LOAD, WORKERS, worker -> webhooks.send(connections.get(worker)));
    }
    report.below("boot", "resident at rest", rest, "MiB", RESIDENT_MIB);
    report.below(
        "boot",
        "resident after %,d webhooks".formatted(RATE * LOAD.toSeconds()),
        node.residentMiB(),
        "MiB",
        RESIDENT_MIB);
  }
}
