package com.credlink.ledger.bench;

import com.credlink.ledger.node.DevCredentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        Process node = new ProcessBuilder(command(data)).redirectErrorStream(true).start();
        try {
          URI url = ready(node);
          seconds.add((System.nanoTime() - began) / 1e9);
          report.progress("boot: %.2f s".formatted(seconds.getLast()));
          if (last) {
            loaded(report, node, url, data);
          }
        } finally {
          stop(node);
        }
      }
      report.below("boot", "first start, empty directory", seconds.getFirst(), "s", BOOT_SECONDS);
      List<Double> again = seconds.subList(1, STARTS).stream().sorted().toList();
      report.below("boot", "later starts, median", again.get(again.size() / 2), "s", BOOT_SECONDS);
    }
  }

  private static void loaded(Report report, Process node, URI url, Path data) throws Exception {
    double rest = resident(node);
    Webhooks webhooks =
        new Webhooks(
            DevCredentials.loadOrCreate(data.resolve("credentials.json"), new SecureRandom())
                .clientSecrets()
                .getFirst()
                .secret()
                .reveal());
    try (IngestBench.Connections connections = IngestBench.Connections.to(url, WORKERS)) {
      OpenLoop.run(RATE, LOAD, WORKERS, worker -> webhooks.send(connections.get(worker)));
    }
    report.below("boot", "resident at rest", rest, "MiB", RESIDENT_MIB);
    report.below(
        "boot",
        "resident after %,d webhooks".formatted(RATE * LOAD.toSeconds()),
        resident(node),
        "MiB",
        RESIDENT_MIB);
  }

  private static List<String> command(Path data) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("com.credlink.ledger.cli.LedgerCli");
    command.addAll(
        List.of("up", "--port=0", "--kafka-port=0", "--registry-port=0", "--data=" + data));
    return command;
  }

  private static URI ready(Process node) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ready ")) {
        return URI.create(line.substring("ready ".length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the node did not start:\n" + said);
  }

  /** VmRSS of a process in MiB; only Linux tells. */
  private static double resident(Process node) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + node.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS of process " + node.pid());
  }

  private static void stop(Process node) throws InterruptedException {
    node.destroy();
    if (!node.waitFor(30, TimeUnit.SECONDS)) {
      node.destroyForcibly();
    }
  }
}
