package com.credlink.ledger.wire;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The JSON view of events: names in snake_case, times RFC 3339 in UTC with six digits, bytes in
 * base64, enums by name, an absent value as null. Numbers from 2^53 on are strings, because most
 * JSON readers would round them. Safe for many threads.
 */
public final class EventJson {

  /** The first integer from which a double cannot hold each. */
  private static final long EXACT_LIMIT = 1L << 53;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String HEADER = "header";

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final Map<Class<?>, View> views = new ConcurrentHashMap<>();

  /**
   * A time as it stands in every interface of ours, such as {@code 2026-11-23T08:15:30.123456Z}.
   */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Every component of {@code event} but the header. */
  public ObjectNode payload(LedgerEvent event) {
    ObjectNode payload = object(event);
    payload.remove(HEADER);
    return payload;
  }

  /**
   * The whole event: what the header says at the top, the rest under {@code payload}.
   *
   * @param partition where it stands in the log.
   * @param offset where it stands in the partition.
   */
  public ObjectNode event(LedgerEvent event, int partition, long offset) {
    EventHeader header = event.header();
    ObjectNode node = json.objectNode();
    node.put("event_id", header.eventId());
    node.put("type", event.type());
    node.put("tenant", header.tenant());
    node.put("occurred_at", time(header.occurredAt()));
    node.put("recorded_at", time(header.recordedAt()));
    node.put("partition", partition);
    node.set("offset", number(offset));
    node.set("actor", object(header.actor()));
    node.put("source", header.source());
    node.put("correlation_id", header.correlationId());
    node.set("causation_id", value(header.causationId()));
    node.set("payload", payload(event));
    return node;
  }

  /** Any record of ours with these rules. */
  public ObjectNode object(Record value) {
    View view = views.computeIfAbsent(value.getClass(), View::of);
    ObjectNode node = json.objectNode();
    for (int i = 0; i < view.names.size(); i++) {
      node.set(view.names.get(i), value(view.access.readers().get(i).apply(value)));
    }
    return node;
  }

  private ObjectNode object(LedgerEvent event) {
    return object((Record) event);
  }

  private JsonNode value(Object value) {
    return switch (value) {
      case String text -> TextNode.valueOf(text);
      case Boolean flag -> BooleanNode.valueOf(flag);
      case Integer number -> IntNode.valueOf(number);
      case Long number -> number(number);
      case Double number -> DoubleNode.valueOf(number);
      case Instant instant -> TextNode.valueOf(time(instant));
      case Bytes bytes -> TextNode.valueOf(Base64.getEncoder().encodeToString(bytes.toArray()));
      case Enum<?> constant -> TextNode.valueOf(constant.name());
      case Optional<?> optional -> optional.map(this::value).orElse(NullNode.getInstance());
      case List<?> items -> {
        ArrayNode array = json.arrayNode(items.size());
        items.forEach(item -> array.add(value(item)));
        yield array;
      }
      case Map<?, ?> entries -> {
        ObjectNode node = json.objectNode();
        entries.forEach((key, each) -> node.set((String) key, value(each)));
        yield node;
      }
      case Record part -> object(part);
      default ->
          throw new IllegalArgumentException("no JSON view of " + value.getClass().getName());
    };
  }

  private static JsonNode number(long value) {
    return value > -EXACT_LIMIT && value < EXACT_LIMIT
        ? LongNode.valueOf(value)
        : TextNode.valueOf(Long.toString(value));
  }

  /** Names and accessors of one record type. */
  private record View(RecordAccess access, List<String> names) {
    static View of(Class<?> type) {
      RecordAccess access = new RecordAccess(type);
      return new View(
          access,
          access.components().stream().map(RecordComponent::getName).map(View::snake).toList());
    }

    private static String snake(String name) {
      StringBuilder snake = new StringBuilder(name.length() + 4);
      for (int i = 0; i < name.length(); i++) {
        char letter = name.charAt(i);
        if (Character.isUpperCase(letter)) {
          snake.append('_');
        }
        snake.append(Character.toLowerCase(letter));
      }
      return snake.toString();
    }
  }
}
