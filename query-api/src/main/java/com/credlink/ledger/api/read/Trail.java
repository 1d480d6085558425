package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.topology.query.TrailView.Filter;
import com.credlink.ledger.topology.query.TrailView.Page;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The audit trail: {@code GET /v1/shops/{shop}/events}, {@code GET /v1/events}, {@code GET
 * /v1/events/{event_id}}.
 */
public final class Trail {

  private static final Set<String> TYPES =
      Arrays.stream(LedgerEvent.class.getPermittedSubclasses())
          .map(Class::getSimpleName)
          .collect(Collectors.toUnmodifiableSet());

  private final TrailView trail;
  private final EventView view;
  private final Positions positions;
  private final AppliedOffsets applied;
  private final int partitions;

  /** The trail over its stores. */
  public Trail(
      TrailView trail,
      EventView view,
      Positions positions,
      AppliedOffsets applied,
      int partitions) {
    this.trail = trail;
    this.view = view;
    this.positions = positions;
    this.applied = applied;
    this.partitions = partitions;
  }

  /** Facts of one tenant. */
  public void ofTenant(Context ctx, String tenant) {
    positions.awaitMinimum(ctx);
    Filter filter = filter(ctx);
    int limit = Parameters.limit(ctx);
    boolean newestFirst = Parameters.newestFirst(ctx);
    int partition = Topics.partition(tenant, partitions);
    Cursor cursor = cursor(ctx);
    String position = positions.of(partition);
    Page page =
        trail.ofTenant(
            tenant,
            filter,
            newestFirst,
            limit,
            Optional.ofNullable(cursor.after().get(partition)),
            cursor.until().getOrDefault(partition, -1L));
    answer(ctx, page, cursor, position);
  }

  /** Facts of all tenants. */
  public void ofAll(Context ctx) {
    positions.awaitMinimum(ctx);
    Cursor cursor = cursor(ctx);
    String position = positions.ofAll();
    Page page =
        trail.ofAll(
            filter(ctx),
            Parameters.newestFirst(ctx),
            Parameters.limit(ctx),
            cursor.after(),
            cursor.until());
    answer(ctx, page, cursor, position);
  }

  /** The fact of that id, if it exists. */
  public Optional<TrailRow> find(Context ctx, String eventId) {
    positions.awaitMinimum(ctx);
    return trail.byId(eventId);
  }

  /**
   * Answers with one fact and, where there is one, the proof that it is in the log. The entity tag
   * tells whether there is, and does not follow the growing log.
   */
  public void answer(Context ctx, TrailRow row, Optional<ObjectNode> proof) {
    ObjectNode tagged = view.of(row).put("proven", proof.isPresent());
    ObjectNode body = view.of(row);
    proof.ifPresent(found -> body.set("proof", found));
    ctx.header("Ledger-Position", new Position(row.partition(), row.offset()).toString());
    Answers.json(ctx, body, tagged);
  }

  /** The fact, or the problem that there is none. */
  public TrailRow required(Optional<TrailRow> found) {
    return found.orElseThrow(
        () -> new ProblemException(Problem.NOT_FOUND, "No event of that id is in the log."));
  }

  private void answer(Context ctx, Page page, Cursor cursor, String position) {
    Positions.mark(ctx, position);
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    page.rows().forEach(row -> items.add(view.of(row)));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("items", items);
    body.put(
        "next",
        page.more()
            ? new Cursor(TrailView.lastOffsets(cursor.after(), page), cursor.until()).encode()
            : null);
    body.put("position", position);
    Answers.json(ctx, body, items);
  }

  private static Filter filter(Context ctx) {
    Set<String> types = Parameters.someOf(ctx, "type", TYPES);
    boolean withAccess = Parameters.oneOf(ctx, "include", Set.of("access")).isPresent();
    return new Filter(types, withAccess, Parameters.time(ctx, "from"), Parameters.time(ctx, "to"));
  }

  /** The caller's cursor, or one that begins now. */
  private Cursor cursor(Context ctx) {
    String text = Parameters.once(ctx, "cursor").orElse(null);
    if (text != null) {
      return Cursor.decode(text);
    }
    Map<Integer, Long> until = new TreeMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      until.put(partition, applied.of(partition).orElse(-1));
    }
    return new Cursor(Map.of(), until);
  }
}
