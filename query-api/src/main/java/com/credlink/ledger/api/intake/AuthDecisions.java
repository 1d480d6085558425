package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Appender.Accepted;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Principal;
import com.credlink.ledger.api.access.Traceparent;
import com.credlink.ledger.api.access.VoidedDecisions;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.Positions;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Appended;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * {@code POST /v1/auth-decisions}: decisions of enforcement points outside become facts like our
 * own.
 *
 * <p>An idempotency key needs no store of its own. It gives the events their ids, and the log's
 * rule that a second record with a known id is the same fact does the rest, on every gateway and
 * after every restart. What else was asked shows in the correlation id, which follows from the
 * request's content. The first event is folded before the others are written: whoever comes first
 * there has the key.
 */
public final class AuthDecisions {

  /** Largest request taken. */
  public static final int MAX_REQUEST_BYTES = 1024 * 1024;

  /** Most decisions in one request. */
  public static final int MAX_ITEMS = 500;

  private static final String SOURCE = "gateway/decisions";
  private static final String ITEMS = "items";

  private final Appender appender;
  private final VoidedDecisions voided;
  private final TrailView trail;
  private final EventSerde serde;
  private final Positions positions;
  private final TenantDirectory shops;
  private final Vault vault;
  private final InstantSource clock;
  private final Ids ids;

  /** A gateway over its collaborators. */
  public AuthDecisions(
      Appender appender,
      VoidedDecisions voided,
      TrailView trail,
      EventSerde serde,
      Positions positions,
      TenantDirectory shops,
      Vault vault,
      InstantSource clock,
      Ids ids) {
    this.appender = appender;
    this.voided = voided;
    this.trail = trail;
    this.serde = serde;
    this.positions = positions;
    this.shops = shops;
    this.vault = vault;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * What came in. It is read before the caller is let in, because it says which shop the call is
   * about; what is wrong with it is told only to those who may append.
   */
  public sealed interface Submission {}

  private record Valid(List<AuthDecisionBody> items, boolean isBatch, Bytes content)
      implements Submission {}

  private record Wrong(ProblemException problem) implements Submission {}

  /** Reads a request without refusing it yet. */
  public Submission read(Context ctx) {
    try {
      ObjectNode root = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
      boolean isBatch = root.has(ITEMS);
      JsonNode items = isBatch ? items(root) : JsonNodeFactory.instance.arrayNode().add(root);
      Instant now = clock.instant();
      List<AuthDecisionBody> decisions = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        String where = isBatch ? "items[" + i + "]." : "";
        decisions.add(AuthDecisionBody.parse(items.get(i), where, now));
      }
      Bytes content = vault.lookupHash("auth-decisions", JsonBodies.canonical(items));
      return new Valid(List.copyOf(decisions), isBatch, content);
    } catch (ProblemException problem) {
      return new Wrong(problem);
    }
  }

  private static JsonNode items(ObjectNode root) {
    JsonBodies.refuseUnknown(root, "", Set.of(ITEMS));
    JsonNode items = root.get(ITEMS);
    if (!items.isArray() || items.isEmpty()) {
      throw JsonBodies.malformed("The field 'items' is not a list of one decision or more.");
    }
    if (items.size() > MAX_ITEMS) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The request has more than " + MAX_ITEMS + " items.");
    }
    return items;
  }

  /**
   * The tenant that the call of {@code who} is about: the one that all decisions name, if it is
   * one. For a caller that is bound to a shop it is the first other one, so that the policy sees
   * it.
   */
  public Optional<String> tenant(Principal who, Submission submission) {
    return switch (submission) {
      case Wrong wrong -> who.tenant();
      case Valid valid -> {
        List<Optional<String>> named =
            valid.items().stream().map(item -> tenant(who, item)).distinct().toList();
        yield who.tenant().isEmpty()
            ? named.size() == 1 ? named.getFirst() : Optional.empty()
            : named.stream()
                .filter(tenant -> !tenant.equals(who.tenant()))
                .findFirst()
                .orElse(who.tenant());
      }
    };
  }

  /** The tenant of a decision; empty for one about no shop, and for a shop that is not known. */
  private Optional<String> tenant(Principal who, AuthDecisionBody item) {
    return item.shop().isPresent()
        ? item.shop().flatMap(shops::byDomain).map(Shop::tenant)
        : who.tenant();
  }

  /** Writes the decisions of a caller that was let in. */
  public void append(Context ctx, Submission submission, Admitted caller) {
    Valid request =
        switch (submission) {
          case Valid valid -> valid;
          case Wrong wrong -> throw wrong.problem();
        };
    Optional<String> key = IdempotencyKeys.of(ctx);
    Draft draft = draft(ctx, request, caller);
    if (key.isEmpty()) {
      List<AuthDecided> events = draft.events(i -> ids.next(), caller.decisionId());
      answer(ctx, request, events, appender.appendAll(events, voided::add), true);
    } else {
      appendOnce(ctx, request, draft, requestId(caller.principal(), key.get(), draft.now()));
    }
  }

  /** Everything about the events but their ids. */
  private record Draft(
      List<AuthDecisionBody> items,
      List<String> tenants,
      Instant now,
      String decisionId,
      Optional<String> traceparent) {

    List<AuthDecided> events(IntFunction<String> eventId, String correlationId) {
      List<AuthDecided> events = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        AuthDecisionBody item = items.get(i);
        events.add(
            item.event(
                new EventHeader(
                    eventId.apply(i),
                    tenants.get(i),
                    item.occurredAt(),
                    now,
                    item.subject(),
                    SOURCE,
                    correlationId,
                    Optional.of(decisionId),
                    traceparent)));
      }
      return events;
    }
  }

  private Draft draft(Context ctx, Valid request, Admitted caller) {
    List<String> tenants = new ArrayList<>(request.items().size());
    for (AuthDecisionBody item : request.items()) {
      Optional<String> tenant = tenant(caller.principal(), item);
      if (tenant.isEmpty() && item.shop().isPresent()) {
        throw new ProblemException(
            Problem.UNPROCESSABLE, "A decision names a shop that has not installed the app.");
      }
      tenants.add(tenant.orElse(LedgerEvent.PLATFORM));
    }
    return new Draft(
        request.items(),
        tenants,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        caller.decisionId(),
        Optional.ofNullable(ctx.header("traceparent")).filter(Traceparent::isValid));
  }

  /**
   * Writes what of the request is not in the log yet. Nothing is voided when that fails: the same
   * request sent again completes it.
   */
  private void appendOnce(Context ctx, Valid request, Draft draft, String requestId) {
    List<AuthDecided> events =
        draft.events(
            i -> eventId(requestId, i),
            Ids.derived("AuthDecisions", requestId, request.content().hex()));
    Map<String, Accepted> written = new LinkedHashMap<>();
    boolean settled = claim(events.getFirst(), written);
    List<AuthDecided> missing = new ArrayList<>();
    for (AuthDecided event : events) {
      trail.byId(event.eventId()).ifPresent(row -> written.put(event.eventId(), accepted(row)));
      if (!written.containsKey(event.eventId())) {
        missing.add(event);
      }
    }
    List<Accepted> appended = appender.appendAll(missing, event -> {});
    for (int i = 0; i < missing.size(); i++) {
      written.put(missing.get(i).eventId(), appended.get(i));
    }
    settled = positions.await(appended.stream().map(Accepted::position).toList()) && settled;
    List<Accepted> all = events.stream().map(event -> written.get(event.eventId())).toList();
    answer(ctx, request, events, all, settled);
  }

  /**
   * Makes {@code first} the first event of its key, or finds that it is already; false when the
   * folds did not say in time.
   */
  private boolean claim(AuthDecided first, Map<String, Accepted> written) {
    Optional<TrailRow> known = trail.byId(first.eventId());
    if (known.isEmpty()) {
      Accepted accepted = appender.appendAll(List.of(first), event -> {}).getFirst();
      written.put(first.eventId(), accepted);
      if (!positions.await(List.of(accepted.position()))) {
        return false;
      }
      known = trail.byId(first.eventId());
    }
    if (known.isPresent() && !correlationId(known.get()).equals(first.header().correlationId())) {
      throw new ProblemException(
          Problem.IDEMPOTENCY_CONFLICT,
          "This Idempotency-Key was used with other decisions within "
              + FirstSeen.MEMORY.toHours()
              + " hours.");
    }
    return true;
  }

  /**
   * Id of the request that {@code key} stands for. A key whose first use is no longer remembered
   * stands for a new one.
   */
  private String requestId(Principal caller, String key, Instant now) {
    Bytes scope =
        vault.lookupHash("idempotency", utf8("auth-decisions"), utf8(caller.id()), utf8(key));
    for (int use = 0; true; use++) {
      String id = Ids.derived("AuthDecisions", scope.hex(), Integer.toString(use));
      Optional<TrailRow> first = trail.byId(eventId(id, 0));
      if (first.isEmpty() || !now.isAfter(first.get().recordedAt().plus(FirstSeen.MEMORY))) {
        return id;
      }
    }
  }

  private static String eventId(String requestId, int index) {
    return Ids.derived("AuthDecided", requestId, Integer.toString(index));
  }

  private String correlationId(TrailRow row) {
    return switch (serde.deserialize(row.value().toArray())) {
      case StoredEvent.Known known -> known.event().header().correlationId();
      case StoredEvent.Unknown unknown -> "";
    };
  }

  /** A decision that the log had before. */
  private Accepted accepted(TrailRow row) {
    Position position = new Position(row.partition(), row.offset());
    byte[] value = row.value().toArray();
    boolean isOfToday = WireFormat.requireSchemaId(value) == serde.schemaId(AuthDecided.class);
    return isOfToday
        ? appender.known(
            AuthDecided.class,
            row.eventId(),
            row.recordedAt(),
            new Appended(position, utf8(row.tenant()), value))
        : new Accepted(position, Optional.empty());
  }

  private static void answer(
      Context ctx,
      Valid request,
      List<AuthDecided> events,
      List<Accepted> written,
      boolean settled) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (request.isBatch()) {
      ArrayNode items = body.putArray(ITEMS);
      for (int i = 0; i < events.size(); i++) {
        ObjectNode item = items.addObject();
        item.put("index", i);
        item.put("event_id", events.get(i).eventId());
        item.put("position", written.get(i).position().toString());
        written.get(i).receipt().ifPresent(receipt -> item.put("receipt", receipt));
      }
    } else {
      body.put("event_id", events.getFirst().eventId());
      ctx.header("Ledger-Event-Id", events.getFirst().eventId());
    }
    // A header for each of hundreds would be more than clients take.
    written.getLast().mark(ctx);
    String position = newest(written.stream().map(Accepted::position).toList());
    body.put("position", position);
    if (!settled) {
      body.put("verdict", "pending");
    }
    ctx.header("Ledger-Position", position);
    ctx.status(202).contentType("application/json").result(body.toString());
  }

  /** A read that waits for this sees all of {@code written}. */
  private static String newest(Collection<Position> written) {
    Map<Integer, Position> newest = new TreeMap<>();
    for (Position position : written) {
      newest.merge(position.partition(), position, (a, b) -> a.offset() >= b.offset() ? a : b);
    }
    return newest.values().stream().map(Position::toString).collect(Collectors.joining(","));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
