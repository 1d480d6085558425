package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.topology.digest.DigestedTable;
import com.credlink.ledger.topology.digest.ProjectionDigest;
import com.credlink.ledger.wire.EventJson;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code GET /tlog/{partition}/projections}: what the projections hold, in a few hashes that anyone
 * who folds the same records has to find again.
 */
public final class PublishedProjections {

  /** How the digests are made; another number if that ever changes. */
  static final int FORMAT = 1;

  private static final int RETRY_AFTER_SECONDS = 2;

  private final TransparencyLog logs;
  private final Source source;

  /** Of the logs of {@code logs}. */
  public PublishedProjections(TransparencyLog logs, Source source) {
    this.logs = logs;
    this.source = source;
  }

  /** Where digests come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * The newest digest of a partition; empty when there is none yet.
     *
     * @param newestSize of the newest checkpoint; a digest of that size is as new as can be
     */
    Optional<Projections> newest(int partition, long newestSize);
  }

  /**
   * A digest.
   *
   * @param digest of the projections
   * @param checkpoint of the same size
   * @param madeAt when
   */
  public record Projections(ProjectionDigest digest, Published checkpoint, Instant madeAt) {}

  /** Answers. */
  public void answer(Context ctx) {
    int partition = logs.partition(ctx);
    long newest = logs.covered(partition).checkpoint().size();
    Projections projections =
        source
            .newest(partition, newest)
            .orElseThrow(
                () ->
                    new ProblemException(
                            Problem.NOT_READY,
                            "The projections are being digested; try again in a few seconds.")
                        .retryAfter(RETRY_AFTER_SECONDS));
    ctx.header("Cache-Control", "no-cache")
        .contentType("application/json")
        .result(json(partition, projections).toString());
  }

  private static ObjectNode json(int partition, Projections projections) {
    Checkpoint checkpoint = projections.checkpoint().checkpoint();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("partition", partition);
    json.put("origin", checkpoint.origin());
    json.put("size", checkpoint.size());
    json.put("root", checkpoint.root().base64());
    json.put(
        "checkpoint",
        new String(projections.checkpoint().note().toByteArray(), StandardCharsets.UTF_8));
    json.put("made_at", EventJson.time(projections.madeAt()));
    ObjectNode tables = json.putObject("tables");
    projections
        .digest()
        .tables()
        .forEach(
            (table, rows) ->
                tables
                    .putObject(table.label())
                    .put("rows", rows.count())
                    .put("sha256", rows.sha256()));
    ObjectNode leftOut = json.putObject("left_out");
    new TreeMap<>(DigestedTable.LEFT_OUT).forEach(leftOut::put);
    return json;
  }
}
