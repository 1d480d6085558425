package com.credlink.ledger.node;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.broker.KafkaNodeException;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.vault.EpochKeys;
import com.credlink.ledger.vault.KafkaWrappedKeyStore;
import com.credlink.ledger.vault.TenantDirectory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A log as a reader finds it: on a cluster, of a node that runs, or in the directory of a node that
 * is stopped, whose broker and registry are opened for as long as this is.
 */
public final class StoredLog implements AutoCloseable {

  private final KafkaConnection connection;
  private final HttpSchemaRegistry registry;
  private final int partitions;
  private final Optional<Path> directory;
  private final SecureRandom random;
  private final Closing closing;

  private StoredLog(
      Closing closing,
      KafkaConnection connection,
      URI registry,
      Optional<Path> directory,
      SecureRandom random)
      throws NodeStartException {
    this.closing = closing;
    this.connection = connection;
    this.registry = closing.add(HttpSchemaRegistry.builder(List.of(registry), random).build());
    this.directory = directory;
    this.random = random;
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      this.partitions =
          admin
              .partitions(Topics.EVENTS)
              .orElseThrow(
                  () ->
                      new NodeStartException(
                          "the cluster at %s has no topic %s"
                              .formatted(connection.bootstrap(), Topics.EVENTS)));
    }
  }

  /**
   * The log of brokers that run.
   *
   * @param directory of the node that it belongs to, where that is at hand
   * @throws com.credlink.ledger.log.LogUnavailable if they do not answer
   */
  public static StoredLog at(
      String bootstrap, URI registry, Optional<Path> directory, SecureRandom random)
      throws NodeStartException {
    Closing closing = new Closing();
    return opened(closing, KafkaConnection.plain(bootstrap), registry, directory, random);
  }

  /**
   * The log of a stopped node.
   *
   * @throws NodeStartException if {@code directory} is no node's, or is in use
   */
  public static StoredLog in(Path directory, SecureRandom random) throws NodeStartException {
    if (!isNode(directory)) {
      throw new NodeStartException(
          "'%s' is no data directory of a node; name one with --data, or a cluster with --bootstrap"
              .formatted(directory));
    }
    Closing closing = new Closing();
    try {
      closing.add(DataDirectory.open(directory));
      KafkaNode broker =
          closing.add(KafkaNode.start(KafkaNode.Settings.in(directory.resolve("kafka"))));
      RegistryServer schemas =
          closing.add(
              RegistryServer.start(
                  RegistryServer.Settings.of(broker.bootstrap(), broker.topics(), 0)));
      return opened(
          closing,
          KafkaConnection.plain(broker.bootstrap()),
          schemas.url(),
          Optional.of(directory),
          random);
    } catch (KafkaNodeException e) {
      closing.close();
      throw new NodeStartException(e.getMessage(), e);
    } catch (NodeStartException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** Whether a node with a broker of its own has its data in {@code directory}. */
  public static boolean isNode(Path directory) {
    return Files.exists(directory.resolve("VERSION")) && Files.exists(directory.resolve("kafka"));
  }

  private static StoredLog opened(
      Closing closing,
      KafkaConnection connection,
      URI registry,
      Optional<Path> directory,
      SecureRandom random)
      throws NodeStartException {
    try {
      return new StoredLog(closing, connection, registry, directory, random);
    } catch (NodeStartException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** How to reach the brokers. */
  public KafkaConnection connection() {
    return connection;
  }

  /** Where the schemas are. */
  public SchemaRegistry registry() {
    return registry;
  }

  /** Partitions of the log. */
  public int partitions() {
    return partitions;
  }

  /** The keys that sign the log's trees, where the node's directory is at hand and has them. */
  public Optional<LogKeys> keys() {
    return directory
        .map(path -> path.resolve("keys"))
        .filter(path -> Files.exists(path.resolve("log.p12")))
        .map(
            path ->
                LogKeys.open(
                    path.resolve("log.p12"),
                    new Password.FromFile(path.resolve("log.password")),
                    random));
  }

  /**
   * The tenant id of a shop, for which the directory's own keys open the list of shops and nothing
   * else.
   *
   * @return empty if there is no such shop, or if the directory is not at hand
   */
  public Optional<String> tenant(String domain, InstantSource clock) {
    Optional<Path> vault =
        directory
            .map(path -> path.resolve("vault"))
            .filter(path -> Files.exists(path.resolve("vault.p12")));
    if (vault.isEmpty()) {
      return Optional.empty();
    }
    EpochKeys epochs =
        EpochKeys.open(
            vault.get().resolve("vault.p12"),
            new Password.FromFile(vault.get().resolve("vault.password")),
            random);
    try (KafkaWrappedKeyStore store = KafkaWrappedKeyStore.open(connection)) {
      return TenantDirectory.open(epochs, store, new AesGcm(), random, clock)
          .byDomain(domain)
          .map(TenantDirectory.Shop::tenant);
    }
  }

  @Override
  public void close() {
    closing.close();
  }
}
