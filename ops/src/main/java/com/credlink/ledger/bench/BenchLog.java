package com.credlink.ledger.bench;

import com.credlink.ledger.asset.DirectoryAssetStore;
import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.RegistryServer;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.vault.DataKeys;
import com.credlink.ledger.vault.EpochKeys;
import com.credlink.ledger.vault.KafkaWrappedKeyStore;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A broker, a registry, a vault and a ledger, and nothing that reads what is appended. */
record BenchLog(
    Scratch scratch,
    KafkaNode broker,
    RegistryServer registryServer,
    KafkaConnection connection,
    EventCatalogue catalogue,
    HttpSchemaRegistry registry,
    EventSerde serde,
    KafkaWrappedKeyStore keys,
    Vault vault,
    LedgerConfig config,
    Ledger ledger)
    implements AutoCloseable {

  /** A queue of thousands of appends takes longer than a webhook may wait. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  static BenchLog open() throws IOException {
    Scratch scratch = Scratch.make();
    Path root = scratch.path();
    SecureRandom random = new SecureRandom();
    KafkaNode broker = KafkaNode.start(KafkaNode.Settings.in(root.resolve("kafka")));
    KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
    RegistryServer server =
        RegistryServer.start(RegistryServer.Settings.of(broker.bootstrap(), broker.topics(), 0));
    HttpSchemaRegistry registry = HttpSchemaRegistry.builder(List.of(server.url()), random).build();
    EventCatalogue catalogue = EventCatalogue.load();
    EventSerde serde = new EventSerde(catalogue, registry, Registration.REGISTER, Topics.EVENTS);
    KafkaWrappedKeyStore keys = KafkaWrappedKeyStore.open(connection);
    AesGcm cipher = new AesGcm();
    EpochKeys epochs =
        EpochKeys.open(
            root.resolve("vault.p12"),
            new Password.FromFile(root.resolve("vault.password")),
            random);
    DataKeys dataKeys = DataKeys.open(epochs, keys, cipher, random, InstantSource.system());
    Vault vault =
        new Vault(
            dataKeys,
            new DirectoryAssetStore(
                root.resolve("assets"), dataKeys, cipher, random, InstantSource.system()),
            cipher,
            random);
    LedgerConfig config = LedgerConfig.of(connection, broker.topics()).withDeadline(DEADLINE);
    return new BenchLog(
        scratch,
        broker,
        server,
        connection,
        catalogue,
        registry,
        serde,
        keys,
        vault,
        config,
        new Ledger(config, serde::serialize));
  }

  @Override
  public void close() throws IOException {
    ledger.close();
    vault.close();
    keys.close();
    registry.close();
    registryServer.close();
    broker.close();
    scratch.close();
  }
}
