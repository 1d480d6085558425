package com.credlink.ledger.broker;

import com.credlink.ledger.broker.KafkaNodeException.DirectoryUnusable;
import com.credlink.ledger.broker.KafkaNodeException.PortOccupied;
import com.credlink.ledger.broker.KafkaNodeException.StartFailed;
import com.credlink.ledger.log.Durability;
import com.credlink.ledger.log.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble.VerificationFlag;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and KRaft controller in this process, on a persistent directory.
 *
 * <p>Put together from Kafka's own server classes, as its single-process server does, with two
 * differences: the ports are bound before anything else, so that an occupied port is known at once
 * and a free one is not lost to somebody else in between; and a fatal fault inside the broker
 * completes {@link #fault()} where Kafka would end the whole process.
 */
public final class KafkaNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

  /** The only node of its cluster. */
  private static final int NODE_ID = 1;

  private static final String BROKER = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final String LOOPBACK = "127.0.0.1";

  /** How long a start after a kill waits for the killed broker's session. */
  private static final Duration BROKER_SESSION = Duration.ofMillis(1500);

  /** Connections that may wait to be accepted. */
  private static final int BACKLOG = 128;

  /** A broker that has not closed its files by then is recovered by the next start. */
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

  /**
   * How a node is to run.
   *
   * @param directory belongs to this node alone; created and formatted when it is empty.
   * @param host the address to listen on.
   * @param advertisedHost the name under which clients reach it.
   * @param port the port to listen on; 0 picks a free one, see {@link KafkaNode#bootstrap()}.
   * @param durability what an acknowledgement survives; decides {@link KafkaNode#topics()}.
   * @param partitions partitions of the log, if it is still to be made.
   * @param clusterId the cluster that the directory must belong to; an empty directory gets it, or
   *     a random one.
   */
  public record Settings(
      Path directory,
      String host,
      String advertisedHost,
      int port,
      Durability durability,
      int partitions,
      Optional<String> clusterId) {

    /** On 127.0.0.1, on a free port, surviving the death of the process. */
    public static Settings in(Path directory) {
      return new Settings(
          directory,
          LOOPBACK,
          LOOPBACK,
          0,
          Durability.PROCESS,
          Topics.EMBEDDED_PARTITIONS,
          Optional.empty());
    }

    /** The same on another port. */
    public Settings onPort(int newPort) {
      return new Settings(
          directory, host, advertisedHost, newPort, durability, partitions, clusterId);
    }

    /** The same, reachable from elsewhere. */
    public Settings listeningOn(String newHost, String newAdvertisedHost) {
      return new Settings(
          directory, newHost, newAdvertisedHost, port, durability, partitions, clusterId);
    }

    /** The same with another promise. */
    public Settings surviving(Durability newDurability) {
      return new Settings(
          directory, host, advertisedHost, port, newDurability, partitions, clusterId);
    }

    /** The same with another number of partitions. */
    public Settings withPartitions(int newPartitions) {
      return new Settings(
          directory, host, advertisedHost, port, durability, newPartitions, clusterId);
    }

    /** The same for a named cluster. */
    public Settings ofCluster(String newClusterId) {
      return new Settings(
          directory, host, advertisedHost, port, durability, partitions, Optional.of(newClusterId));
    }
  }

  private final Settings settings;
  private final DataDirectory directory;
  private final int port;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final CompletableFuture<Throwable> fault;
  private boolean closed;

  private KafkaNode(
      Settings settings,
      DataDirectory directory,
      int port,
      ControllerServer controller,
      BrokerServer broker,
      CompletableFuture<Throwable> fault) {
    this.settings = settings;
    this.directory = directory;
    this.port = port;
    this.controller = controller;
    this.broker = broker;
    this.fault = fault;
  }

  /**
   * Starts the node and returns when it serves clients.
   *
   * @throws KafkaNodeException with one sentence that says why it cannot
   */
  public static KafkaNode start(Settings settings) {
    Path root = settings.directory().toAbsolutePath().normalize();
    try (Undo undo = new Undo()) {
      DataDirectory directory =
          undo.add(DataDirectory.open(root, NODE_ID, CONTROLLER, settings.clusterId()));
      ServerSocketChannel brokerSocket = undo.add(bind(settings.host(), settings.port()));
      ServerSocketChannel controllerSocket = undo.add(bind(LOOPBACK, 0));
      KafkaNode node = assemble(settings, directory, brokerSocket, controllerSocket);
      undo.add(node::stopServers);
      node.startServers(root);
      undo.nothing();
      LOG.atInfo()
          .addKeyValue("bootstrap", node.bootstrap())
          .addKeyValue("directory", root)
          .addKeyValue("durability", settings.durability().configName())
          .log("broker started");
      return node;
    }
  }

  /** Where clients connect: {@code host:port}. */
  public String bootstrap() {
    return settings.advertisedHost() + ":" + port;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** The cluster's id, fixed when the directory was formatted. */
  public String clusterId() {
    return directory.clusterId();
  }

  /** The topics that this node is to have, with what its durability asks of them. */
  public Topics topics() {
    return Topics.embedded(settings.partitions(), settings.durability());
  }

  /**
   * Completes with the cause if the broker or controller can no longer work. The node does not end
   * the process; its owner closes it.
   */
  public CompletableFuture<Throwable> fault() {
    return fault.copy();
  }

  /** Stops serving, closes the files and gives the directory back. May be called again. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stopServers();
    } finally {
      try {
        directory.close();
      } catch (IOException e) {
        LOG.atWarn().setCause(e).log("the lock of the data directory was not released");
      }
    }
  }

  private static KafkaNode assemble(
      Settings settings,
      DataDirectory directory,
      ServerSocketChannel brokerSocket,
      ServerSocketChannel controllerSocket) {
    int port = brokerSocket.socket().getLocalPort();
    int controllerPort = controllerSocket.socket().getLocalPort();
    KafkaConfig config =
        new KafkaConfig(
            brokerConfig(
                directory.logs(),
                settings.host() + ":" + port,
                settings.advertisedHost() + ":" + port,
                LOOPBACK + ":" + controllerPort),
            false);
    CompletableFuture<Throwable> fault = new CompletableFuture<>();
    try {
      MetaPropertiesEnsemble properties =
          new MetaPropertiesEnsemble.Loader()
              .addMetadataLogDir(config.metadataLogDir())
              .addLogDirs(config.logDirs())
              .load();
      properties.verify(
          Optional.of(directory.clusterId()),
          OptionalInt.of(NODE_ID),
          EnumSet.of(
              VerificationFlag.REQUIRE_AT_LEAST_ONE_VALID,
              VerificationFlag.REQUIRE_METADATA_LOG_DIR));
      BootstrapMetadata bootstrap = new BootstrapDirectory(config.metadataLogDir()).read();
      Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, directory.clusterId());
      ServerSocketFactory sockets =
          (listener, _, _, _) -> listener.equals(CONTROLLER) ? controllerSocket : brokerSocket;
      SharedServer shared =
          new SharedServer(
              config,
              properties,
              Time.SYSTEM,
              metrics,
              CompletableFuture.completedFuture(
                  Map.of(NODE_ID, (InetSocketAddress) controllerSocket.getLocalAddress())),
              List.of(),
              (name, fatal, action) -> faultHandler(name, fatal, action, fault),
              sockets);
      return new KafkaNode(
          settings,
          directory,
          port,
          new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap),
          new BrokerServer(shared),
          fault);
    } catch (IOException e) {
      throw new DirectoryUnusable(directory.logs(), e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new StartFailed(directory.logs(), e);
    } catch (Exception e) {
      throw new StartFailed(directory.logs(), e);
    }
  }

  private void startServers(Path root) {
    try {
      controller.startup();
      broker.startup();
    } catch (RuntimeException | Error e) {
      throw new StartFailed(root, e);
    }
  }

  private void stopServers() {
    // The broker leaves while its controller still answers; the other order waits for a time-out.
    try {
      broker.shutdown(CLOSE_DEADLINE);
    } finally {
      controller.shutdown();
    }
  }

  private static ServerSocketChannel bind(String host, int port) {
    ServerSocketChannel channel = null;
    try {
      channel = ServerSocketChannel.open();
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(host, port), BACKLOG);
      return channel;
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException suppressed) {
          e.addSuppressed(suppressed);
        }
      }
      throw new PortOccupied(host, port, e);
    }
  }

  private static FaultHandler faultHandler(
      String name, boolean fatal, Runnable action, CompletableFuture<Throwable> fault) {
    return (message, cause) -> {
      IllegalStateException failure =
          new IllegalStateException("Kafka's " + name + " failed: " + message, cause);
      LOG.atError()
          .setCause(failure)
          .addKeyValue("component", name)
          .addKeyValue("fatal", fatal)
          .log("fault in the broker");
      action.run();
      if (fatal) {
        fault.complete(failure);
      }
      return failure;
    };
  }

  private static Map<String, String> brokerConfig(
      Path logs, String listener, String advertised, String controller) {
    Map<String, String> config = new TreeMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", Integer.toString(NODE_ID));
    config.put("controller.listener.names", CONTROLLER);
    config.put("controller.quorum.voters", NODE_ID + "@" + controller);
    config.put("listeners", BROKER + "://" + listener + "," + CONTROLLER + "://" + controller);
    config.put("advertised.listeners", BROKER + "://" + advertised);
    config.put("inter.broker.listener.name", BROKER);
    config.put(
        "listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    config.put("log.dirs", logs.toString());

    // A second of the start went into JMX beans that nobody in this process reads.
    config.put("metric.reporters", "");

    // Topics are declared in Topics and made by an admin step, never by a typing error.
    config.put("auto.create.topics.enable", "false");
    config.put("message.max.bytes", Integer.toString(Topics.MAX_MESSAGE_BYTES));

    // Internal topics of a cluster of one.
    String partitions = "4";
    config.put("offsets.topic.num.partitions", partitions);
    config.put("offsets.topic.replication.factor", "1");
    config.put("transaction.state.log.num.partitions", partitions);
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", partitions);
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("default.replication.factor", "1");
    config.put("min.insync.replicas", "1");

    // Groups: no waiting for members that cannot exist; a share group's first record in 2.3 s, not
    // 5.3 s.
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("group.share.heartbeat.interval.ms", "500");
    config.put("group.share.min.heartbeat.interval.ms", "500");

    // After a kill the controller takes the broker for alive until its session ends, and refuses
    // the
    // new one. The default of 9 s would be the greater part of that start; there is no second
    // broker
    // that a longer session could protect from a hasty change of leaders.
    config.put("broker.session.timeout.ms", Long.toString(BROKER_SESSION.toMillis()));
    config.put(
        "broker.heartbeat.interval.ms", Long.toString(BROKER_SESSION.dividedBy(5).toMillis()));

    // Memory: the default buffer keeps 128 MiB of heap for a cleaner that has little to do here.
    config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
    config.put("log.cleaner.threads", "1");

    // Threads for two cores, not for a rack.
    config.put("num.network.threads", "2");
    config.put("num.io.threads", "4");
    config.put("background.threads", "2");
    config.put("num.recovery.threads.per.data.dir", "2");
    return config;
  }

  /** Closes what has been opened, newest first, unless told that all went well. */
  private static final class Undo implements AutoCloseable {
    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T step) {
      steps.push(step);
      return step;
    }

    void nothing() {
      steps.clear();
    }

    @Override
    public void close() {
      for (AutoCloseable step : steps) {
        try {
          step.close();
        } catch (Exception e) {
          LOG.atWarn().setCause(e).log("could not undo a failed start completely");
        }
      }
    }
  }
}
