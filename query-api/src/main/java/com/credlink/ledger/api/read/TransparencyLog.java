package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogEntries;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.SealedLog;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.MerkleFormatException;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.topology.query.TreeView;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/**
 * The public transparency logs, one for each partition (c2sp.org/tlog-tiles). Nothing is served
 * that the newest published checkpoint does not cover.
 */
public final class TransparencyLog {

  static final String IMMUTABLE = "public, max-age=31536000, immutable";
  private static final String NEWEST = "no-cache";
  static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";

  private final List<Log> logs;
  private final TreeView trees;
  private final CheckpointLog checkpoints;
  private final LogEntries entries;
  private final IntegrityFaults faults;
  private final EventProofs proofs;
  private final SealedLogs sealed;

  /**
   * A log.
   *
   * @param origin its name in checkpoints
   * @param keys what its checkpoints are verified with
   * @param retired what older checkpoints were verified with, before the keys were replaced
   * @param sealed the logs of the same partition that were ended, oldest first
   */
  public record Log(
      String origin, List<VerifierKey> keys, List<VerifierKey> retired, List<Sealed> sealed) {
    public Log {
      keys = List.copyOf(keys);
      retired = List.copyOf(retired);
      sealed = List.copyOf(sealed);
    }
  }

  /** A log that was ended, and what its checkpoints are verified with. */
  public record Sealed(SealedLog log, List<VerifierKey> keys) {
    public Sealed {
      keys = List.copyOf(keys);
    }
  }

  /**
   * The logs of a ledger.
   *
   * @param logs one for each partition
   * @param inclusion signs COSE receipts
   */
  public TransparencyLog(
      List<Log> logs,
      TreeView trees,
      CheckpointLog checkpoints,
      LogEntries entries,
      IntegrityFaults faults,
      Signer inclusion) {
    this.logs = List.copyOf(logs);
    this.trees = trees;
    this.checkpoints = checkpoints;
    this.entries = entries;
    this.faults = faults;
    this.proofs = new EventProofs(this, inclusion);
    this.sealed = new SealedLogs(this);
  }

  /** {@code GET /tlog}: the logs and how to verify them. */
  public void list(Context ctx) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (int partition = 0; partition < logs.size(); partition++) {
      items.add(json(partition));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("logs", items);
    cached(ctx, NEWEST).contentType("application/json").result(body.toString());
  }

  private ObjectNode json(int partition) {
    Log log = logs.get(partition);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("partition", partition);
    node.put("origin", log.origin());
    node.put("url", "/tlog/" + partition);
    ArrayNode keys = node.putArray("vkeys");
    log.keys().forEach(key -> keys.add(key.format()));
    if (!log.retired().isEmpty()) {
      ArrayNode retired = node.putArray("retired_vkeys");
      log.retired().forEach(key -> retired.add(key.format()));
    }
    Optional<Checkpoint> newest = checkpoints.latest(partition).map(Published::checkpoint);
    node.put("size", newest.map(Checkpoint::size).orElse(0L));
    newest.ifPresent(checkpoint -> node.put("root", checkpoint.root().base64()));
    faults
        .of(partition)
        .ifPresent(
            fault ->
                node.put("fault", fault.getMessage())
                    .put("fault_offset", fault.position().offset()));
    if (!log.sealed().isEmpty()) {
      node.set("sealed", SealedLogs.json(partition, log.sealed()));
    }
    return node;
  }

  /**
   * {@code GET /tlog/{partition}/checkpoint}: the newest one, or with {@code witnesses} the newest
   * that so many witnesses have cosigned at least.
   */
  public void checkpoint(Context ctx) {
    int partition = partition(ctx);
    int witnesses = Parameters.witnesses(ctx);
    Published newest = newest(partition);
    if (newest.witnesses() < witnesses) {
      newest =
          checkpoints
              .latest(partition, witnesses)
              .orElseThrow(
                  () ->
                      new ProblemException(
                          Problem.NOT_FOUND,
                          "No checkpoint of late was cosigned by %d witnesses."
                              .formatted(witnesses)));
    }
    cached(ctx, NEWEST).contentType(TEXT).result(newest.note().toByteArray());
  }

  /** {@code GET /tlog/{partition}/tile/...}: a tile of hashes, or a bundle of entries. */
  public void tile(Context ctx) {
    int partition = partition(ctx);
    tile(ctx, partition, "/tlog/" + partition, covered(partition).checkpoint().size());
  }

  /** A tile of the tree of {@code size} at the URL {@code log}. */
  void tile(Context ctx, int partition, String log, long size) {
    cached(ctx, NEWEST); // that there is none is true for now only
    Tile tile = tile(ctx, log);
    if (!tile.isWithin(size)) {
      throw missing();
    }
    byte[] body =
        tile.isEntries()
            ? bundle(partition, tile)
            : trees.tile(partition, tile).orElseThrow(TransparencyLog::missing);
    if (!tile.isEntries()) {
      ctx.disableCompression(); // hashes only grow by it
    }
    cached(ctx, IMMUTABLE).contentType(BYTES).result(body);
  }

  /** What follows from the path as it was sent: a tile has one address. */
  private static Tile tile(Context ctx, String log) {
    try {
      Tile tile = Tile.parse("tile/" + ctx.pathParam("path"));
      if (ctx.path().equals(log + "/" + tile.path())) {
        return tile;
      }
    } catch (MerkleFormatException e) {
      throw missing();
    }
    throw missing();
  }

  /** Some of these answers are compressed where the caller takes that, and public caches know. */
  static Context cached(Context ctx, String howLong) {
    return ctx.header("Cache-Control", howLong).header("Vary", "Accept-Encoding");
  }

  private byte[] bundle(int partition, Tile tile) {
    long first = tile.index() << Tile.HEIGHT;
    return EntryBundle.format(entries.read(partition, first, first + tile.width()));
  }

  /**
   * {@code GET /tlog/{partition}/consistency}: that the log at the size {@code to}, else at its
   * newest checkpoint, continues the log at the size {@code from}.
   */
  public void consistency(Context ctx) {
    int partition = partition(ctx);
    long newest = covered(partition).checkpoint().size();
    Optional<Long> asked = Parameters.size(ctx, "to");
    long to = asked.orElse(newest);
    long from =
        Parameters.size(ctx, "from").orElseThrow(() -> Parameters.invalid("from", "is missing"));
    if (to > newest) {
      throw Parameters.invalid("to", "is beyond the newest checkpoint, which has size " + newest);
    }
    if (from > to) {
      throw Parameters.invalid("from", "is more than " + to);
    }
    cached(ctx, asked.isPresent() ? IMMUTABLE : NEWEST)
        .contentType("application/json")
        .result(EventProofs.json(tree(partition).consistency(from, to)).toString());
  }

  /** The logs that were ended. */
  public SealedLogs sealed() {
    return sealed;
  }

  /** The logs of {@code partition} that were ended, oldest first. */
  List<Sealed> sealed(int partition) {
    return logs.get(partition).sealed();
  }

  /** Proofs of single events. */
  public EventProofs proofs() {
    return proofs;
  }

  /** Whether the event at {@code at} can be proven now. */
  boolean isCovered(Position at) {
    long covered =
        faults.of(at.partition()).isPresent()
            ? 0
            : checkpoints.latest(at.partition()).map(one -> one.checkpoint().size()).orElse(0L);
    return at.offset() < covered && covered <= trees.size(at.partition());
  }

  /** The tree of a partition. */
  TileTree tree(int partition) {
    return trees.tree(partition);
  }

  /**
   * The newest checkpoint, once the tree is there: after a crash it is grown again from the log.
   */
  Published covered(int partition) {
    Published newest = newest(partition);
    if (trees.size(partition) < newest.checkpoint().size()) {
      throw new ProblemException(
              Problem.NOT_READY,
              "The tree of this log is being grown again; try again in a second.")
          .retryAfter(1);
    }
    return newest;
  }

  private Published newest(int partition) {
    faults
        .of(partition)
        .ifPresent(
            fault -> {
              throw fault;
            });
    return checkpoints
        .latest(partition)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.NOT_FOUND, "The log of this partition has no checkpoint yet."));
  }

  /** The partition that the path names. */
  int partition(Context ctx) {
    String text = ctx.pathParam("partition");
    if (text.matches("0|[1-9]\\d{0,5}") && Integer.parseInt(text) < logs.size()) {
      return Integer.parseInt(text);
    }
    throw new ProblemException(Problem.NOT_FOUND, "There is no log of that number; see /tlog.");
  }

  private static ProblemException missing() {
    return new ProblemException(
        Problem.NOT_FOUND, "The newest checkpoint of this log covers no such tile.");
  }
}
