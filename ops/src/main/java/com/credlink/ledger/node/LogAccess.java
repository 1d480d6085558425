package com.credlink.ledger.node;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.Durability;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.LogUnavailable;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.net.URI;
import java.util.List;

/** The log and what is needed to read and write it. */
record LogAccess(
    KafkaConnection connection,
    Topics topics,
    List<URI> registries,
    EventCatalogue catalogue,
    SchemaRegistry registry,
    EventSerde serde,
    Ledger ledger,
    IntegrityFaults faults) {

  /** Where the log and its schemas are. */
  private record Cluster(KafkaConnection connection, Topics topics, List<URI> registries) {}

  /** Starts broker and registry where they are ours, and opens the log. */
  static LogAccess open(NodeContext node, NodeFiles files) throws NodeStartException {
    Cluster cluster =
        switch (node.config().profile()) {
          case EMBEDDED -> embedded(node);
          case CLUSTER -> external(node.config());
        };
    HttpSchemaRegistry schemas =
        node.closing().add(HttpSchemaRegistry.builder(cluster.registries(), node.random()).build());
    EventCatalogue catalogue = NodeFiles.opened(files.catalogue());
    node.times().done("catalogue");
    EventSerde serde = new EventSerde(catalogue, schemas, Registration.REGISTER, Topics.EVENTS);
    IntegrityFaults faults = new IntegrityFaults();
    Ledger ledger =
        node.closing()
            .add(
                new Ledger(
                    LedgerConfig.of(cluster.connection(), cluster.topics())
                        .withDeadline(node.config().appendDeadline()),
                    serde::serialize,
                    faults));
    node.times().done("log");
    return new LogAccess(
        cluster.connection(),
        cluster.topics(),
        cluster.registries(),
        catalogue,
        schemas,
        serde,
        ledger,
        faults);
  }

  private static Cluster embedded(NodeContext node) throws NodeStartException {
    Config config = node.config();
    String host = config.http().host();
    KafkaNode broker =
        node.closing()
            .add(
                KafkaNode.start(
                    KafkaNode.Settings.in(node.path("kafka"))
                        .listeningOn(host, reachable(host))
                        .onPort(config.kafka().port())
                        .withPartitions(config.partitions())
                        .surviving(config.durability())));
    node.faults().watch("the broker", broker.fault());
    node.times().done("broker");
    KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
      admin.settleDurability(broker.topics());
      requirePartitions(admin, broker.topics());
    }
    node.times().done("topics");
    RegistryServer server =
        node.closing()
            .add(
                RegistryServer.start(
                    RegistryServer.Settings.of(
                            broker.bootstrap(), broker.topics(), config.registry().port())
                        .listeningOn(host)));
    node.times().done("registry");
    return new Cluster(connection, broker.topics(), List.of(server.url()));
  }

  /** A name for an address that stands for all of this machine's. */
  static String reachable(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]") ? "localhost" : host;
  }

  private static Cluster external(Config config) throws NodeStartException {
    KafkaConnection connection =
        new KafkaConnection(
            String.join(",", config.kafka().bootstrap()), config.kafka().properties());
    Topics topics =
        Topics.cluster(config.partitions(), config.kafka().replication(), config.durability());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      requirePartitions(admin, topics);
      requireFlushing(admin, topics);
    } catch (LogUnavailable e) {
      throw new NodeStartException(
          "The brokers at %s do not answer: %s".formatted(connection.bootstrap(), e.getMessage()),
          e);
    }
    return new Cluster(connection, topics, config.registry().urls());
  }

  /**
   * An operator's cluster is not changed behind their back, and nothing is promised that it breaks.
   */
  private static void requireFlushing(TopicAdmin admin, Topics topics) throws NodeStartException {
    if (topics.durability() != Durability.POWER) {
      return;
    }
    for (TopicAdmin.Deviation one : admin.flushing(topics)) {
      throw new NodeStartException(
          "'durability: power' needs %s=%s for %s, which has %s; set it there, or set 'durability: process'"
              .formatted(one.setting(), one.expected(), one.resource(), one.actual()));
    }
  }

  /** A tenant's partition follows from their number: another number is another ledger. */
  private static void requirePartitions(TopicAdmin admin, Topics topics) throws NodeStartException {
    int wanted = topics.partitions();
    int found =
        admin
            .partitions(Topics.EVENTS)
            .orElseThrow(
                () ->
                    new NodeStartException(
                        "The cluster has no topic %s; make the topics with 'ledger topics create'"
                            .formatted(Topics.EVENTS)));
    if (found != wanted) {
      throw new NodeStartException(
          "%s has %d partitions, which is fixed for ever; set 'ledger.partitions' to %d, not %d"
              .formatted(Topics.EVENTS, found, found, wanted));
    }
  }
}
