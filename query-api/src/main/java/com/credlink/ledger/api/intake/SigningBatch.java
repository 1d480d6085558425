package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Appender.Accepted;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.api.read.Positions;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /v1/shops/{shop}/signing-requests:batch}: many requests at once. What is wrong with
 * one is said of that one, and the others are taken.
 */
public final class SigningBatch {

  /** Most requests in one batch. */
  public static final int MAX_ITEMS = 500;

  /** Largest batch taken. */
  static final int MAX_REQUEST_BYTES = 1024 * 1024;

  private static final String ITEMS = "items";

  private final RequestFacts facts;
  private final Appender appender;
  private final SigningView signing;
  private final Positions positions;
  private final InstantSource clock;

  /** A gateway over its collaborators. */
  public SigningBatch(
      RequestFacts facts,
      Appender appender,
      SigningView signing,
      Positions positions,
      InstantSource clock) {
    this.facts = facts;
    this.appender = appender;
    this.signing = signing;
    this.positions = positions;
    this.clock = clock;
  }

  /** What became of one item: a fact to be written, or why there is none. */
  private sealed interface Item {
    record Wanted(SigningRequested event) implements Item {}

    record Refused(ProblemException why) implements Item {}
  }

  /** Takes the requests of a caller that was let in. */
  public void create(Context ctx, Shop shop, Actor caller, String correlationId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Optional<String> idempotencyKey = IdempotencyKeys.of(ctx);
    List<Item> items = new ArrayList<>();
    for (JsonNode node : items(ctx)) {
      EventHeader header = facts.header(shop, caller, correlationId, now);
      String suffix = "#" + items.size();
      items.add(item(node, shop, header, now, idempotencyKey.map(key -> key + suffix)));
    }
    answer(ctx, items, append(items));
  }

  private static JsonNode items(Context ctx) {
    ObjectNode root = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(root, "", Set.of(ITEMS));
    JsonNode items = root.path(ITEMS);
    if (!items.isArray() || items.isEmpty()) {
      throw JsonBodies.malformed("The field 'items' is not a list of one request or more.");
    }
    if (items.size() > MAX_ITEMS) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The batch has more than " + MAX_ITEMS + " items.");
    }
    return items;
  }

  private Item item(
      JsonNode node, Shop shop, EventHeader header, Instant now, Optional<String> idempotencyKey) {
    try {
      if (!(node instanceof ObjectNode object)) {
        throw JsonBodies.malformed("The item is not a JSON object.");
      }
      SigningRequestBody request = SigningRequestBody.parse(object, now);
      String digest = facts.digest(shop, request);
      return new Item.Wanted(facts.requested(shop, request, digest, header, idempotencyKey));
    } catch (ProblemException why) {
      return new Item.Refused(why);
    }
  }

  /** Writes what is wanted, all at once; empty when nothing is. */
  private List<Accepted> append(List<Item> items) {
    List<SigningRequested> events =
        items.stream()
            .filter(Item.Wanted.class::isInstance)
            .map(item -> ((Item.Wanted) item).event())
            .toList();
    // What may be in the log although the answer is no makes a request that nobody asks about; the
    // same batch sent again with the same Idempotency-Key finds it.
    return appender.appendAll(events, event -> {});
  }

  private void answer(Context ctx, List<Item> items, List<Accepted> written) {
    List<Position> at = written.stream().map(Accepted::position).toList();
    boolean decided = positions.await(at);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode answers = body.putArray(ITEMS);
    int next = 0;
    for (Item item : items) {
      ObjectNode answer = answers.addObject();
      answer.put("index", answers.size() - 1);
      switch (item) {
        case Item.Refused refused -> answer.set("problem", Problems.body(ctx, refused.why()));
        case Item.Wanted wanted -> {
          written.get(next++).receipt().ifPresent(receipt -> answer.put("receipt", receipt));
          verdict(ctx, answer, wanted.event(), decided);
        }
      }
    }
    if (!decided) {
      body.put("verdict", "pending");
    }
    if (!at.isEmpty()) {
      String newest = at.getLast().toString(); // one tenant, so one partition
      body.put("position", newest);
      ctx.header("Ledger-Position", newest);
    }
    ctx.status(202).contentType("application/json").result(body.toString());
  }

  private void verdict(Context ctx, ObjectNode answer, SigningRequested event, boolean decided) {
    try {
      answer.put(
          "request_id",
          decided
              ? SigningRequests.made(signing.verdict(event)).request().requestId()
              : event.requestId());
    } catch (ProblemException why) {
      answer.set("problem", Problems.body(ctx, why));
    }
  }
}
