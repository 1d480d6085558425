package com.credlink.ledger.bench;

import com.credlink.ledger.node.DevCredentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A node as {@code ledger up} runs it, in a process of its own with the flags of this one.
 *
 * @param data its directory, which stays
 * @param url where it answers
 */
record NodeProcess(Process process, Path data, URI url) implements AutoCloseable {

  private static final int STOP_SECONDS = 60;

  /** Starts it and waits until it says that it is ready. */
  static NodeProcess start(Path data) throws IOException {
    Process process = new ProcessBuilder(command(data)).redirectErrorStream(true).start();
    try {
      return new NodeProcess(process, data, ready(process));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
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
        // It must not wait for a reader of what it says later.
        Thread.ofVirtual().start(() -> drain(node.getInputStream()));
        return URI.create(line.substring("ready ".length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the node did not start:\n" + said);
  }

  private static void drain(InputStream out) {
    try {
      var _ = out.transferTo(OutputStream.nullOutputStream());
    } catch (IOException closed) {
      // The process has ended.
    }
  }

  /** The tokens and secrets of its directory. */
  DevCredentials credentials() throws IOException {
    return DevCredentials.read(data.resolve("credentials.json"));
  }

  /** VmRSS in MiB; only Linux tells. */
  double residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS of process " + process.pid());
  }

  /** Ends it as a power cut would end it, as far as a process can tell. */
  void kill() {
    var _ = process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    var _ =
        process
            .onExit()
            .completeOnTimeout(process, STOP_SECONDS, TimeUnit.SECONDS)
            .thenAccept(Process::destroyForcibly)
            .thenCompose(_ -> process.onExit())
            .join();
  }
}
