package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StreamsNode;
import java.time.Duration;
import org.apache.kafka.streams.Topology;

/** The running projections and how to ask them. */
record Projections(
    StreamsNode streams,
    String description,
    StoreQueries stores,
    StoreCodecs codecs,
    AppliedOffsets applied,
    StateChanges changes,
    Snapshots snapshots,
    CheckpointLog checkpoints) {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

  /** Starts them and does not wait. */
  static Projections start(NodeContext node, LogAccess log, StoreCodecs codecs)
      throws NodeStartException {
    AppliedOffsets applied = new AppliedOffsets();
    StateChanges changes = new StateChanges();
    Snapshots snapshots = new Snapshots();
    Config.Signing signing = node.config().signing();
    Topology topology =
        LedgerTopology.build(
            log.serde(),
            log.registry(),
            codecs,
            LogSource.of(log.connection(), log.serde()),
            new SigningSettings(signing.lease()),
            applied,
            changes,
            log.faults(),
            snapshots);
    if (node.config().profile() == Config.Profile.EMBEDDED) {
      DeadTransactions.end(log.connection(), LedgerTopology.APPLICATION_ID);
    }
    CheckpointLog checkpoints = node.closing().add(CheckpointLog.open(log.connection()));
    int partitions = log.topics().partitions();
    LogEnds.check(
        log.connection(),
        node.config().profile() == Config.Profile.EMBEDDED,
        partitions,
        checkpoints,
        log.faults());
    StateOrigins.check(node.path("state"), checkpoints, partitions);
    SourceOffsets.ensure(log.connection(), LedgerTopology.APPLICATION_ID, partitions);
    StreamsNode streams =
        node.closing().add(StreamsNode.start(topology, settings(node, log.connection())));
    node.faults().watch("the projections", streams.fault());
    return new Projections(
        streams,
        topology.describe().toString(),
        new StoreQueries(streams.streams(), log.faults()),
        codecs,
        applied,
        changes,
        snapshots,
        checkpoints);
  }

  private static StreamsNode.Settings settings(NodeContext node, KafkaConnection connection) {
    Config config = node.config();
    boolean embedded = config.profile() == Config.Profile.EMBEDDED;
    return new StreamsNode.Settings(
        LedgerTopology.APPLICATION_ID,
        connection,
        node.path("state"),
        node.nodeId(),
        embedded ? 1 : 2,
        embedded ? 1 : config.kafka().replication(),
        config.streams().memory().bytes(),
        embedded,
        config.http().host() + ":" + Math.max(1, config.http().port()));
  }

  /** Waits until every partition answers. */
  void await() throws NodeStartException {
    try {
      if (!streams.awaitRunning(START_TIMEOUT)) {
        throw new NodeStartException(
            "The projections did not come to run (" + streams.state() + ")");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }
}
