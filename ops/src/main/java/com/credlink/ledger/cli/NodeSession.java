package com.credlink.ledger.cli;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.node.DataDirectory;
import com.credlink.ledger.node.DevCredentials;
import com.credlink.ledger.node.Node;
import com.credlink.ledger.node.NodeFile;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.Ports;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * A node in this process together with its directory: held, logged to, announced in {@code
 * node.json}, and released again.
 */
final class NodeSession implements AutoCloseable {

  /**
   * A node that has not closed by then is left behind: its log survives that as it survives kill
   * -9.
   */
  static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  private final DataDirectory directory;
  private final Node node;
  private final Optional<DevCredentials> development;
  private boolean closed;

  private NodeSession(DataDirectory directory, Node node, Optional<DevCredentials> development) {
    this.directory = directory;
    this.node = node;
    this.development = development;
  }

  /**
   * Starts a node as {@code config} says; with the embedded profile also makes the development
   * credentials and sample images.
   *
   * @throws NodeStartException with a sentence, if anything is in the way; nothing is left running
   *     then
   */
  static NodeSession open(Config config, SecureRandom random) throws NodeStartException {
    var directory = DataDirectory.open(config.dataDirectory());
    try {
      logInto(directory.logs());
      Optional<DevCredentials> development = Optional.empty();
      if (config.profile() == Config.Profile.EMBEDDED) {
        development = Optional.of(DevCredentials.loadOrCreate(directory.credentialsFile(), random));
        if (config
            .assets()
            .directory()
            .filter(config.dataDirectory().resolve("sources")::equals)
            .isPresent()) {
          DemoImages.unpack(config.assets().directory().get());
        }
      }
      Ports.requireFree(config);
      var node = Node.start(config, development);
      var session = new NodeSession(directory, node, development);
      try {
        new NodeFile(node.url(), node.kafka(), node.registry(), ProcessHandle.current().pid())
            .write(directory.nodeFile());
        return session;
      } catch (IOException e) {
        session.close();
        throw new NodeStartException("'" + directory.nodeFile() + "' cannot be written", e);
      }
    } catch (IOException e) {
      directory.close();
      throw new NodeStartException(
          "'" + directory.path() + "' cannot be written (" + e.getMessage() + ")", e);
    } catch (NodeStartException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  Node node() {
    return node;
  }

  Optional<DevCredentials> development() {
    return development;
  }

  /** Prints where everything is, and that requests are answered as the last line. */
  void announce(PrintStream out, Config config) {
    switch (config.profile()) {
      case EMBEDDED -> {
        out.println("kafka       " + node.kafka());
        out.println("registry    " + node.registry());
        out.println(
            "tokens      " + directory.credentialsFile() + " (and the Shopify client secret)");
        config.assets().directory().ifPresent(sources -> out.println("images      " + sources));
      }
      case CLUSTER -> {
        out.println("kafka       " + String.join(",", config.kafka().bootstrap()));
        out.println("registry    " + node.registry());
      }
    }
    out.println("logs        " + directory.logs().resolve("ledger.log"));
    out.println(
        switch (config.durability()) {
          case PROCESS ->
              "durability  process: a kill loses nothing acknowledged, a power cut may"
                  + " (--durability power)";
          case POWER ->
              "durability  power: each append is flushed to the disk before it is acknowledged";
        });
    out.println("ready " + node.url());
    out.flush();
  }

  /**
   * Waits until SIGTERM or Ctrl-C, closes, and ends the process with exit code 0; or with 3 and a
   * sentence, if a part of the node dies. Does not return.
   */
  void untilStopped(PrintStream err) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> closeAndHalt(err, ExitCode.DONE), "ledger-close"));
    String fault = node.fault().join();
    err.println("ledger: " + fault + "; what was acknowledged is kept, start the node again");
    closeAndHalt(err, ExitCode.NOT_CARRIED_OUT);
  }

  private void closeAndHalt(PrintStream err, int exitCode) {
    var watchdog =
        new Thread(
            () -> {
              try {
                Thread.sleep(CLOSE_LIMIT);
                err.println(
                    "ledger: the node did not close within "
                        + CLOSE_LIMIT.toSeconds()
                        + " s and was ended");
                Runtime.getRuntime().halt(ExitCode.NOT_CARRIED_OUT);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "ledger-close-limit");
    watchdog.setDaemon(true);
    watchdog.start();
    close();
    // Without this a signal's own number would become the exit code of a stop that went well.
    Runtime.getRuntime().halt(exitCode);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(directory.nodeFile());
    } catch (IOException e) {
      // Its pid tells every reader that the node is gone.
    }
    try {
      node.close();
    } finally {
      directory.close();
      stopLogging();
    }
  }

  /** From here on logging goes to files; must run before anything in this process logs. */
  static void logInto(Path logs) {
    System.setProperty("ledger.logs", logs.toString());
    System.setProperty("logback.configurationFile", "logback-node.xml");
  }

  private static void stopLogging() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof ch.qos.logback.classic.LoggerContext context) {
      context.stop();
    }
  }
}
