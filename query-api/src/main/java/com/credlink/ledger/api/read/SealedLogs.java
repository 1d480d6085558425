package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.TransparencyLog.Sealed;
import com.credlink.ledger.log.LogSeal;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;

/**
 * The logs that were ended after a loss, as far as the records still have them: whoever holds an
 * older checkpoint of one checks it as before, and is told what is lost by whoever signed it.
 */
public final class SealedLogs {

  private final TransparencyLog logs;

  SealedLogs(TransparencyLog logs) {
    this.logs = logs;
  }

  /** {@code GET /tlog/{partition}/{generation}/checkpoint}: the newest that still holds. */
  public void checkpoint(Context ctx) {
    byte[] note =
        named(ctx)
            .log()
            .last()
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_FOUND, "Nothing is left of what was signed of this log."))
            .note()
            .toByteArray();
    TransparencyLog.cached(ctx, TransparencyLog.IMMUTABLE)
        .contentType(TransparencyLog.TEXT)
        .result(note);
  }

  /** {@code GET /tlog/{partition}/{generation}/seal}: what is lost, signed. */
  public void seal(Context ctx) {
    byte[] statement = named(ctx).log().statement().toByteArray();
    TransparencyLog.cached(ctx, TransparencyLog.IMMUTABLE)
        .contentType(TransparencyLog.TEXT)
        .result(statement);
  }

  /**
   * {@code GET /tlog/{partition}/{generation}/tile/...}: as far as it goes, the tree is that of the
   * log which grows now.
   */
  public void tile(Context ctx) {
    Sealed one = named(ctx);
    int partition = logs.partition(ctx);
    var _ = logs.covered(partition);
    logs.tile(ctx, partition, url(partition, one.log().seal()), one.log().seal().kept().size());
  }

  private Sealed named(Context ctx) {
    int partition = logs.partition(ctx);
    String generation = ctx.pathParam("generation");
    return logs.sealed(partition).stream()
        .filter(one -> generation.equals("g" + one.log().seal().origin().generation()))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.NOT_FOUND, "This partition has no log of that name that was ended."));
  }

  /** As {@code GET /tlog} shows them. */
  static ArrayNode json(int partition, List<Sealed> sealed) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (Sealed one : sealed) {
      LogSeal seal = one.log().seal();
      ObjectNode node = items.addObject();
      node.put("origin", seal.origin().toString());
      node.put("url", url(partition, seal));
      ArrayNode keys = node.putArray("vkeys");
      one.keys().forEach(key -> keys.add(key.format()));
      node.put("size", seal.kept().size());
      node.put("root", seal.kept().root().base64());
      node.put("signed_size", seal.signed().size());
      node.put("signed_root", seal.signed().root().base64());
      node.put("successor", seal.origin().successor().toString());
      node.put("sealed_at", seal.at().toString());
      node.put("reason", seal.reason());
    }
    return items;
  }

  private static String url(int partition, LogSeal seal) {
    return "/tlog/%d/g%d".formatted(partition, seal.origin().generation());
  }
}
