package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.LogRecord.Header;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.HeaderReader;
import com.credlink.ledger.wire.HeaderReader.Span;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link RecordEnvelope#deviation} for whole logs: compares key, partition, timestamp and headers
 * with the bytes of the header in the value, and decodes an event only where its header was written
 * in another form than today's. For one thread.
 */
public final class EnvelopeCheck {

  private static final int MICROS_PER_MILLI = 1_000;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final List<String> NAMES =
      List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "traceparent");
  private static final byte[] SPEC_VERSION = "1.0".getBytes(UTF_8);

  private final HeaderReader header;
  private final EventSerde serde;
  private final int partitions;
  private final Map<String, byte[]> types = new HashMap<>();

  /** What the comparison says. */
  public sealed interface Outcome {
    /** All is as the value says. */
    record Same() implements Outcome {}

    /** The value is no event that this version understands: there is nothing to compare with. */
    record Opaque() implements Outcome {}

    /** Something is not as the value says. */
    record Deviates(String what) implements Outcome {}
  }

  private static final Outcome SAME = new Outcome.Same();
  private static final Outcome OPAQUE = new Outcome.Opaque();

  /**
   * A check of records of a ledger.
   *
   * @param partitions of its topic
   */
  public EnvelopeCheck(EventCatalogue catalogue, SchemaRegistry registry, int partitions) {
    this.header = new HeaderReader(catalogue, registry);
    this.serde = new EventSerde(catalogue, registry, Registration.LOOKUP, Topics.EVENTS);
    this.partitions = partitions;
  }

  /**
   * Compares a record with its value.
   *
   * @throws com.credlink.ledger.registry.RegistryException if the registry does not answer, or does
   *     not know the id of the value's schema
   */
  public Outcome compare(LogRecord record) {
    if (!header.read(record.value())) {
      return decoded(record);
    }
    byte[] value = record.value();
    byte[] key = record.key();
    Span tenant = header.tenant();
    int end = tenant.from() + tenant.length();
    if (!Arrays.equals(key, 0, key.length, value, tenant.from(), end)) {
      return new Outcome.Deviates("the key is not the event's tenant");
    }
    if (record.position().partition() != Topics.partition(key, partitions)) {
      return new Outcome.Deviates("the record is not in its tenant's partition");
    }
    if (record.timestamp() != Math.floorDiv(header.recordedAtMicros(), MICROS_PER_MILLI)) {
      return new Outcome.Deviates("the timestamp is not the event's recordedAt");
    }
    return headers(record.headers(), value);
  }

  private Outcome headers(List<Header> headers, byte[] value) {
    Optional<Span> trace = header.traceparent();
    if (headers.size() != (trace.isPresent() ? NAMES.size() : NAMES.size() - 1)) {
      return new Outcome.Deviates("it has other headers than its event");
    }
    for (int place = 0; place < headers.size(); place++) {
      Header found = headers.get(place);
      if (!found.name().equals(NAMES.get(place))) {
        return new Outcome.Deviates("it has other headers than its event");
      }
      if (!isAsTheEventSays(place, found, value)) {
        return new Outcome.Deviates(
            "the header '%s' is not what the event says".formatted(NAMES.get(place)));
      }
    }
    return SAME;
  }

  /** Whether the header at this place of {@link #NAMES} has the bytes that the event gives it. */
  private boolean isAsTheEventSays(int place, Header found, byte[] value) {
    return switch (place) {
      case 0 -> is(found, SPEC_VERSION);
      case 1 -> is(found, value, header.eventId());
      case 2 -> is(found, value, header.source());
      case 3 -> is(found, types.computeIfAbsent(header.type(), name -> name.getBytes(UTF_8)));
      case 4 ->
          is(found, RecordEnvelope.rfc3339(instant(header.occurredAtMicros())).getBytes(UTF_8));
      default -> is(found, value, header.traceparent().orElseThrow());
    };
  }

  private static boolean is(Header header, byte[] expected) {
    return header.value().matches(expected, 0, expected.length);
  }

  private static boolean is(Header header, byte[] value, Span span) {
    return header.value().matches(value, span.from(), span.length());
  }

  private static Instant instant(long micros) {
    long second = Math.floorDiv(micros, MICROS_PER_SECOND);
    return Instant.ofEpochSecond(second, (micros - second * MICROS_PER_SECOND) * MICROS_PER_MILLI);
  }

  /** An event whose header was written in another form. */
  private Outcome decoded(LogRecord record) {
    try {
      return serde.deserialize(record.value()) instanceof StoredEvent.Known known
          ? RecordEnvelope.of(known.event())
              .deviation(record, partitions)
              .<Outcome>map(Outcome.Deviates::new)
              .orElse(SAME)
          : OPAQUE;
    } catch (WireException unreadable) {
      return OPAQUE;
    }
  }
}
