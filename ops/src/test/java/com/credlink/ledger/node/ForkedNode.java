package com.credlink.ledger.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code ledger up} in a process of its own, which can be killed. */
final class ForkedNode implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofSeconds(40);
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final LedgerClient client;
  private final String secret;
  private final String kafka;
  private final Duration start;

  private ForkedNode(
      Process process, LedgerClient client, String secret, String kafka, Duration start) {
    this.process = process;
    this.client = client;
    this.secret = secret;
    this.kafka = kafka;
    this.start = start;
  }

  /** Starts a node on {@code data} and returns when it says that it is ready. */
  static ForkedNode start(Path data) throws IOException, NodeStartException {
    return start(data, List.of(), List.of());
  }

  /**
   * The same under another program.
   *
   * @param around the program and its arguments
   * @param options of {@code ledger up}
   * @throws AssertionError if the node ends, or is not ready in time
   */
  static ForkedNode start(Path data, List<String> around, List<String> options)
      throws IOException, NodeStartException {
    long began = System.nanoTime();
    List<String> command = new ArrayList<>(around);
    command.addAll(command(data));
    command.addAll(options);
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var late =
        CompletableFuture.runAsync(
            () -> end(process),
            CompletableFuture.delayedExecutor(START_LIMIT.toSeconds(), TimeUnit.SECONDS));
    List<String> said = new ArrayList<>();
    try {
      var out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      Optional<String> url = Optional.empty();
      String kafka = "";
      for (String line = out.readLine(); line != null && url.isEmpty(); ) {
        said.add(line);
        if (line.startsWith("kafka ")) {
          kafka = line.substring("kafka ".length()).strip();
        }
        if (line.startsWith("ready ")) {
          url = Optional.of(line.substring("ready ".length()));
        } else {
          line = out.readLine();
        }
      }
      var credentials =
          DevCredentials.loadOrCreate(data.resolve("credentials.json"), new SecureRandom());
      return new ForkedNode(
          process,
          new LedgerClient(
              URI.create(url.orElseThrow(() -> new AssertionError("not ready: " + said))),
              credentials),
          credentials.clientSecrets().getFirst().secret().reveal(),
          kafka,
          Duration.ofNanos(System.nanoTime() - began));
    } catch (IOException | NodeStartException | RuntimeException | AssertionError e) {
      end(process);
      throw e;
    } finally {
      late.cancel(false);
    }
  }

  private static List<String> command(Path data) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Duser.timezone=UTC",
        "-cp",
        System.getProperty("java.class.path"),
        "com.credlink.ledger.cli.LedgerCli",
        "up",
        "--port=0",
        "--kafka-port=0",
        "--registry-port=0",
        "--data=" + data);
  }

  LedgerClient client() {
    return client;
  }

  String kafka() {
    return kafka;
  }

  /** From the launch to the readiness. */
  Duration startTime() {
    return start;
  }

  ShopifyDelivery delivery(String topic, String shop, String body) {
    return ShopifyDelivery.of(secret, topic, shop, body);
  }

  /** SIGKILL: nothing is flushed, nothing is said goodbye to. */
  void kill() {
    end(process);
    var _ = process.onExit().orTimeout(END_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** With what runs under it. */
  private static void end(Process process) {
    List<ProcessHandle> below = process.descendants().toList();
    below.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    below.forEach(one -> one.onExit().orTimeout(END_LIMIT.toSeconds(), TimeUnit.SECONDS).join());
  }

  /** Of the process. */
  long pid() {
    return process.pid();
  }

  /** Whether the process is still there. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM; the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("not closed: " + process.pid());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    client.close();
    kill();
  }
}
