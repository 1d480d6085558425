package com.credlink.ledger.node;

import com.credlink.ledger.api.read.TransparencyLog;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogEntries;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.topology.query.TreeView;
import com.credlink.ledger.worker.CheckpointSigner;
import com.credlink.ledger.worker.WitnessSubmitter;
import java.util.List;
import java.util.stream.IntStream;

/** The signed trees of a node and what serves them. */
final class Transparency {

  private Transparency() {}

  /** Begins to sign the trees of {@code projections}. */
  static TransparencyLog start(
      NodeContext node, LogAccess log, Secrets secrets, Projections projections) {
    IntegrityFaults faults = log.faults();
    CheckpointLog checkpoints = node.closing().add(CheckpointLog.open(log.connection()));
    LogEntries entries = node.closing().add(new LogEntries(log.connection(), log.registry()));
    node.closing()
        .add(
            new CheckpointSigner(
                    node.config().ledgerName(),
                    projections.stores(),
                    checkpoints,
                    secrets.logKeys(),
                    faults,
                    node.clock(),
                    node.random())
                .start());
    for (Config.Witness witness : node.config().witnesses()) {
      node.closing()
          .add(
              new WitnessSubmitter(
                      witness.url(),
                      witness.keys(),
                      projections.stores(),
                      checkpoints,
                      faults,
                      node.random())
                  .start());
    }
    List<TransparencyLog.Log> logs =
        IntStream.range(0, log.topics().partitions())
            .mapToObj(partition -> log(node, secrets, partition))
            .toList();
    return new TransparencyLog(
        logs,
        new TreeView(projections.stores()),
        checkpoints,
        entries,
        faults,
        secrets.receiptKeys().inclusion());
  }

  private static TransparencyLog.Log log(NodeContext node, Secrets secrets, int partition) {
    String origin = CheckpointSigner.origin(node.config().ledgerName(), partition);
    List<VerifierKey> keys =
        CheckpointSigner.signers(origin, secrets.logKeys(), node.random()).stream()
            .map(NoteSigner::key)
            .toList();
    return new TransparencyLog.Log(origin, keys);
  }
}
