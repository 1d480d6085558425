package com.credlink.ledger.wire;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.registry.SchemaRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Finds the header of an event inside its value and decodes nothing: whoever compares bytes with
 * bytes for millions of records needs no strings. Works for each record type, known here or not,
 * whose first field is a header as this version writes it. For one thread; what it found is valid
 * until the next {@link #read}.
 */
public final class HeaderReader {

  private static final String HEADER = "header";

  private final SchemaRegistry registry;
  private final String form;
  private final Map<Integer, Optional<String>> types = new HashMap<>();

  private byte[] value = new byte[0];
  private String type = "";
  private final Span eventId = new Span();
  private final Span tenant = new Span();
  private final Span source = new Span();
  private final Span traceparent = new Span();
  private long occurredAt;
  private long recordedAt;
  private boolean traced;

  /** Finds schemas in {@code registry}. */
  public HeaderReader(EventCatalogue catalogue, SchemaRegistry registry) {
    this.registry = registry;
    this.form = form(catalogue.schema(EventHeader.class.getName()));
  }

  /** A part of the value. */
  public static final class Span {
    private int from;
    private int length;

    /** Where it begins. */
    public int from() {
      return from;
    }

    /** How many bytes it has. */
    public int length() {
      return length;
    }
  }

  /**
   * Finds the header of an event.
   *
   * @return whether there is one that can be read in place
   * @throws com.credlink.ledger.registry.RegistryException if the registry does not answer, or does
   *     not know the schema's id
   */
  public boolean read(byte[] newValue) {
    OptionalInt id = WireFormat.schemaId(newValue);
    if (id.isEmpty()) {
      return false;
    }
    Optional<String> named = types.computeIfAbsent(id.getAsInt(), this::type);
    if (named.isEmpty()) {
      return false;
    }
    value = newValue;
    type = named.get();
    try {
      header(new AvroInput(value, WireFormat.PREFIX, value.length - WireFormat.PREFIX));
      return true;
    } catch (IOException damaged) {
      return false;
    }
  }

  /** The order of {@link EventHeader}, to which {@link #form} holds the schema. */
  private void header(AvroInput in) throws IOException {
    text(in, eventId);
    text(in, tenant);
    occurredAt = in.readLong();
    recordedAt = in.readLong();
    in.readEnum();
    in.skipString();
    text(in, source);
    in.skipString();
    if (in.readIndex() != 0) {
      in.skipString();
    }
    traced = in.readIndex() != 0;
    if (traced) {
      text(in, traceparent);
    }
  }

  private void text(AvroInput in, Span span) throws IOException {
    long length = in.readLong();
    if (length < 0 || length > in.remaining()) {
      throw new EOFException("a text is cut off");
    }
    span.from = value.length - in.remaining();
    span.length = (int) length;
    in.skipFixed(span.length);
  }

  /** The event's type: the name of its record. */
  public String type() {
    return type;
  }

  /** Id of the event. */
  public Span eventId() {
    return eventId;
  }

  /** Tenant of the event. */
  public Span tenant() {
    return tenant;
  }

  /** The component that wrote the event. */
  public Span source() {
    return source;
  }

  /** Trace context, if it has one. */
  public Optional<Span> traceparent() {
    return traced ? Optional.of(traceparent) : Optional.empty();
  }

  /** Microseconds since 1970. */
  public long occurredAtMicros() {
    return occurredAt;
  }

  /** Microseconds since 1970. */
  public long recordedAtMicros() {
    return recordedAt;
  }

  /** The simple name of a record type that begins with a header as we know it. */
  private Optional<String> type(int id) {
    Schema schema = registry.byId(id);
    if (schema.getType() != Schema.Type.RECORD) {
      return Optional.empty();
    }
    List<Schema.Field> fields = schema.getFields();
    boolean ours =
        !fields.isEmpty()
            && fields.getFirst().name().equals(HEADER)
            && form(fields.getFirst().schema()).equals(form);
    return ours ? Optional.of(schema.getName()) : Optional.empty();
  }

  private static String form(Schema schema) {
    return SchemaNormalization.toParsingForm(schema);
  }
}
