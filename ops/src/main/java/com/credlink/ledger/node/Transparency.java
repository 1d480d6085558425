package com.credlink.ledger.node;

import com.credlink.ledger.api.read.PublishedProjections;
import com.credlink.ledger.api.read.TransparencyLog;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.LogVerified;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogEntries;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.topology.query.TreeView;
import com.credlink.ledger.worker.CheckpointSigner;
import com.credlink.ledger.worker.LogScrub;
import com.credlink.ledger.worker.ProjectionDigests;
import com.credlink.ledger.worker.WitnessSubmitter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The signed trees of a node and what serves them. */
final class Transparency {

  /** By then a start is over, and what it wants of the machine. */
  private static final Duration FIRST_SCRUB = Duration.ofMinutes(1);

  private Transparency() {}

  /** What is served of the logs. */
  record Served(TransparencyLog logs, PublishedProjections projections) {}

  /** Checks the logs, and begins to sign the trees of {@code projections} and to scrub. */
  static Served start(
      NodeContext node,
      LogAccess log,
      Secrets secrets,
      Projections projections,
      MeterRegistry metrics) {
    IntegrityFaults faults = log.faults();
    CheckpointLog checkpoints = projections.checkpoints();
    scrub(node, log, projections, metrics);
    LogEntries entries = node.closing().add(new LogEntries(log.connection(), log.registry()));
    CheckpointSigner signer =
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
            .mapToObj(partition -> log(node, secrets, checkpoints, partition))
            .toList();
    TransparencyLog served =
        new TransparencyLog(
            logs,
            new TreeView(projections.stores()),
            checkpoints,
            entries,
            faults,
            secrets.receiptKeys().inclusion());
    ProjectionDigests digests =
        node.closing()
            .add(
                new ProjectionDigests(
                    projections.snapshots(), signer, projections.codecs(), node.clock()));
    return new Served(served, new PublishedProjections(served, digests));
  }

  private static void scrub(
      NodeContext node, LogAccess log, Projections projections, MeterRegistry metrics) {
    LogScrub scrub =
        node.closing()
            .add(
                new LogScrub(
                    log.connection(),
                    log.registry(),
                    projections.stores(),
                    projections.checkpoints(),
                    log.faults(),
                    pace(node.config().scrub()),
                    pass -> announce(node, log, pass)));
    scrub.checkNewest();
    Alarm.install(
        node, log, partition -> origin(node, projections.checkpoints(), partition), metrics);
    for (int partition = 0; partition < log.topics().partitions(); partition++) {
      int of = partition;
      Gauge.builder("ledger.log.scrub.position", () -> scrub.position(of))
          .description("Records of a log that the running pass, or the last one, has hashed again")
          .tag("partition", Integer.toString(partition))
          .register(metrics);
    }
    scrub.start();
  }

  private static LogScrub.Pace pace(Config.Scrub scrub) {
    Duration first = scrub.interval().compareTo(FIRST_SCRUB) < 0 ? scrub.interval() : FIRST_SCRUB;
    return new LogScrub.Pace(scrub.rate(), first, scrub.interval());
  }

  private static void announce(NodeContext node, LogAccess log, LogScrub.Pass pass) {
    log.ledger()
        .appendAndWait(
            new LogVerified(
                node.header(LedgerEvent.PLATFORM),
                pass.partition(),
                pass.origin(),
                pass.size(),
                Bytes.wrap(pass.root().toArray()),
                pass.checkpoints()));
  }

  private static TransparencyLog.Log log(
      NodeContext node, Secrets secrets, CheckpointLog checkpoints, int partition) {
    String origin = origin(node, checkpoints, partition);
    List<TransparencyLog.Sealed> sealed =
        checkpoints.sealed(partition).stream()
            .map(one -> new TransparencyLog.Sealed(one, keysOf(one, node, secrets)))
            .toList();
    return new TransparencyLog.Log(
        origin,
        keys(node, secrets, origin),
        CheckpointSigner.retired(origin, secrets.logKeys()),
        sealed);
  }

  /** Those that have signed what is left of it. */
  private static List<VerifierKey> keysOf(SealedLog ended, NodeContext node, Secrets secrets) {
    String origin = ended.seal().origin().toString();
    SignedNote signed = ended.last().map(Published::note).orElse(ended.statement());
    return Stream.concat(
            keys(node, secrets, origin).stream(),
            CheckpointSigner.retired(origin, secrets.logKeys()).stream())
        .filter(key -> signed.signatures().stream().anyMatch(line -> line.isOf(key)))
        .toList();
  }

  private static String origin(NodeContext node, CheckpointLog checkpoints, int partition) {
    return checkpoints
        .origin(partition)
        .orElse(LogOrigin.first(node.config().ledgerName(), partition))
        .toString();
  }

  private static List<VerifierKey> keys(NodeContext node, Secrets secrets, String origin) {
    return CheckpointSigner.signers(origin, secrets.logKeys(), node.random()).stream()
        .map(NoteSigner::key)
        .toList();
  }
}
