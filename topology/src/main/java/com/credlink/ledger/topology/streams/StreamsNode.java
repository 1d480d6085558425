package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a topology: its settings, its life cycle, its health. */
public final class StreamsNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsNode.class);

  /** How often state is committed at least; what workers wait for is committed sooner. */
  static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** Thread deaths that are answered with a new thread before the process gives up. */
  private static final int MAX_REPLACEMENTS = 3;

  private final KafkaStreams streams;
  private final boolean leaveGroup;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private int replacements;

  /**
   * How to run.
   *
   * @param applicationId names the group and the internal topics: a new one rebuilds everything
   *     from the log
   * @param connection the brokers
   * @param stateDirectory where RocksDB lives
   * @param nodeId static member of the group: a killed node takes its place again at once
   * @param threads stream threads of this process
   * @param replication replicas of internal topics
   * @param memory bytes of all RocksDB stores of the process together
   * @param leaveGroup leave the group on close: right for a single node, where the next start would
   *     otherwise wait for the session to end; wrong for a rolling restart
   * @param applicationServer host:port under which other nodes reach this one
   */
  public record Settings(
      String applicationId,
      KafkaConnection connection,
      Path stateDirectory,
      String nodeId,
      int threads,
      int replication,
      long memory,
      boolean leaveGroup,
      String applicationServer) {}

  private StreamsNode(KafkaStreams streams, boolean leaveGroup) {
    this.streams = streams;
    this.leaveGroup = leaveGroup;
  }

  /** Starts {@code topology} without waiting for it. */
  public static StreamsNode start(Topology topology, Settings settings) {
    KafkaStreams streams = new KafkaStreams(topology, properties(settings));
    StreamsNode node = new StreamsNode(streams, settings.leaveGroup());
    streams.setUncaughtExceptionHandler(node::onDeath);
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) {
            node.running.countDown();
          }
        });
    streams.start();
    return node;
  }

  /** Every setting that matters, written out. */
  public static Properties properties(Settings settings) {
    Properties p = new Properties();
    p.putAll(settings.connection().with(Map.of()));
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    p.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.applicationServer());
    p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL.toMillis());
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 8L * 1024 * 1024);
    p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    p.put(BoundedRocksDb.MEMORY_CONFIG, settings.memory());
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    p.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
    p.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    p.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0L);
    p.put(StreamsConfig.POLL_MS_CONFIG, 20L);
    consumer(settings).forEach((key, value) -> p.put(StreamsConfig.mainConsumerPrefix(key), value));
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    producer().forEach((key, value) -> p.put(StreamsConfig.producerPrefix(key), value));
    internalTopics(settings).forEach((key, value) -> p.put(StreamsConfig.topicPrefix(key), value));
    return p;
  }

  private static Map<String, Object> consumer(Settings settings) {
    return Map.of(
        // A log that begins later than it should, or ends earlier, is a fault and not a fresh
        // start.
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
        settings.nodeId(),
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        2_000,
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
        100);
  }

  private static Map<String, Object> producer() {
    return Map.of(
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.BATCH_SIZE_CONFIG,
        128 * 1024,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        2 * 1024 * 1024,
        // A transaction is refused while the broker still writes the markers of the one before. The
        // sender sleeps so long before it asks again, and sends nothing else meanwhile (ADR 0010).
        ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
        5,
        ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
        100);
  }

  private static Map<String, Object> internalTopics(Settings settings) {
    return Map.of(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        Integer.toString(Math.max(1, settings.replication() - 1)),
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(2 * 1024 * 1024));
  }

  private synchronized StreamThreadExceptionResponse onDeath(Throwable cause) {
    LOG.atError()
        .setCause(cause)
        .addKeyValue("replacements", replacements)
        .log("A stream thread died");
    if (replacements++ < MAX_REPLACEMENTS) {
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    fault.complete(cause);
    running.countDown();
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Waits until all tasks run; false when the time is over or the topology gave up. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    return running.await(atMost.toMillis(), TimeUnit.MILLISECONDS) && isRunning();
  }

  /** All tasks run. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** The process can still come to run: rebalancing is alive. */
  public boolean isAlive() {
    return switch (streams.state()) {
      case CREATED, REBALANCING, RUNNING -> true;
      case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> false;
    };
  }

  /** Completes when threads died so often that the topology was given up. */
  public CompletableFuture<Throwable> fault() {
    return fault.copy();
  }

  /** State, for people. */
  public String state() {
    return streams.state().name();
  }

  /** For queries and metrics. */
  public KafkaStreams streams() {
    return streams;
  }

  @Override
  public void close() {
    streams.close(
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(
                leaveGroup
                    ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                    : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
  }
}
