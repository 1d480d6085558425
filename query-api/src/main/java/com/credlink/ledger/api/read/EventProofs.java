package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.ConsistencyProof;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.TlogProof;
import com.credlink.ledger.sign.InclusionReceipt;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** That an event is in its log: as a proof file, as a COSE receipt, and inside its JSON. */
public final class EventProofs {

  private static final String TEXT = "text/plain";
  private static final String COSE = "application/cose";

  /** The smallest tree with a COSE receipt: its path has one hash at least (RFC 9942). */
  private static final long MIN_COSE_SIZE = 2;

  private final TransparencyLog logs;
  private final Signer inclusion;

  /**
   * Proofs from {@code logs}.
   *
   * @param inclusion signs COSE receipts and nothing else
   */
  EventProofs(TransparencyLog logs, Signer inclusion) {
    this.logs = logs;
    this.inclusion = inclusion;
  }

  /**
   * {@code GET /v1/events/{event_id}/proof}: that the event at {@code at} is in the log, as a proof
   * file (c2sp.org/tlog-proof@v1) or as a COSE receipt (RFC 9942) by {@code Accept}.
   */
  public void answer(Context ctx, Position at) {
    String type =
        Accept.best(ctx, List.of(TEXT, COSE))
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_ACCEPTABLE, "A proof is " + TEXT + " or " + COSE + " only."));
    Published newest = covering(at);
    InclusionProof proof = inclusion(at, newest.checkpoint());
    ctx.header("Cache-Control", "private, no-cache").header("Vary", "Accept");
    if (type.equals(COSE)) {
      ctx.contentType(COSE).result(receipt(proof, newest.checkpoint()));
    } else {
      ctx.contentType(TEXT + "; charset=utf-8")
          .result(TlogProof.of(proof, newest.note()).toByteArray());
    }
  }

  private byte[] receipt(InclusionProof proof, Checkpoint newest) {
    if (newest.size() < MIN_COSE_SIZE) {
      throw new ProblemException(
          Problem.STATE_CONFLICT,
          "The log has one entry, and a COSE receipt needs two; ask for %s.".formatted(TEXT));
    }
    return InclusionReceipt.sign(inclusion, proof, newest.root());
  }

  /**
   * The proof for the JSON of the event at {@code at}, with {@code consistency} from the size that
   * the caller's {@code since} names. Without {@code since}, nothing while no checkpoint covers the
   * event or its log is not served.
   */
  public Optional<ObjectNode> of(Context ctx, Position at) {
    Optional<Long> since = Parameters.size(ctx, "since");
    if (since.isEmpty() && !logs.isCovered(at)) {
      return Optional.empty();
    }
    Published newest = covering(at);
    ObjectNode json = json(at, newest);
    since.ifPresent(
        from -> json.set("consistency", json(consistency(at.partition(), from, newest))));
    return Optional.of(json);
  }

  private ObjectNode json(Position at, Published newest) {
    Checkpoint checkpoint = newest.checkpoint();
    TileTree tree = logs.tree(at.partition());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("log", checkpoint.origin());
    json.put("index", at.offset());
    json.put("size", checkpoint.size());
    json.put("leaf_hash", tree.leaf(at.offset(), checkpoint.size()).base64());
    json.set("path", path(inclusion(at, checkpoint).path()));
    json.put("checkpoint", newest.note().format());
    return json;
  }

  private ConsistencyProof consistency(int partition, long from, Published newest) {
    long to = newest.checkpoint().size();
    if (from > to) {
      throw Parameters.invalid("since", "is beyond the newest checkpoint, which has size " + to);
    }
    return logs.tree(partition).consistency(from, to);
  }

  /** A proof between two sizes as the API shows it. */
  static ObjectNode json(ConsistencyProof proof) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("from", proof.from());
    json.put("to", proof.to());
    json.set("path", path(proof.path()));
    return json;
  }

  private static ArrayNode path(List<Hash> path) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    path.forEach(hash -> list.add(hash.base64()));
    return list;
  }

  private InclusionProof inclusion(Position at, Checkpoint newest) {
    return logs.tree(at.partition()).inclusion(at.offset(), newest.size());
  }

  private Published covering(Position at) {
    Published newest = logs.covered(at.partition());
    if (at.offset() >= newest.checkpoint().size()) {
      throw new ProblemException(
              Problem.POSITION_NOT_REACHED,
              "No checkpoint covers the event at " + at + " yet; there is one within a second.")
          .retryAfter(1);
    }
    return newest;
  }
}
