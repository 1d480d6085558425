package com.credlink.ledger.wire;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Events in the Confluent wire format: many record types in one topic, each with a subject of its
 * own. Safe for many threads.
 */
public final class EventSerde {

  /** Writer schemas that are remembered; one version of one type is one. */
  static final int MAX_WRITERS = 10_000;

  private final EventCatalogue catalogue;
  private final SchemaRegistry registry;
  private final Registration registration;
  private final String topic;
  private final Map<String, Class<? extends LedgerEvent>> types;

  /** Made when a type is first met: 37 codecs at once would delay every start by 0.1 s. */
  private final Map<Class<? extends LedgerEvent>, RecordWriter<LedgerEvent>> writers =
      new ConcurrentHashMap<>();

  private final Map<Class<? extends LedgerEvent>, byte[]> fingerprints = new ConcurrentHashMap<>();
  private final Map<Integer, Reading> readings = new ConcurrentHashMap<>();

  /** A serde that registers the schemas that it writes. */
  public EventSerde(EventCatalogue catalogue, SchemaRegistry registry, String topic) {
    this(catalogue, registry, Registration.REGISTER, topic);
  }

  /** A serde for values of {@code topic}. */
  public EventSerde(
      EventCatalogue catalogue, SchemaRegistry registry, Registration registration, String topic) {
    this.catalogue = catalogue;
    this.registry = registry;
    this.registration = registration;
    this.topic = topic;
    Map<String, Class<? extends LedgerEvent>> byName = new HashMap<>();
    catalogue.types().forEach(type -> byName.put(catalogue.schema(type).getFullName(), type));
    this.types = Map.copyOf(byName);
  }

  /**
   * {@code event} in the wire format.
   *
   * @throws RegistryException if its schema has no id; nothing is remembered then.
   * @throws IllegalArgumentException if a component is null.
   */
  public byte[] serialize(LedgerEvent event) {
    return writer(event.getClass()).serialize(event);
  }

  /** The id of the schema that {@link #serialize} writes for {@code type}. */
  public int schemaId(Class<? extends LedgerEvent> type) {
    return writer(type).schemaId();
  }

  /**
   * The fingerprint of the schema that {@link #serialize} writes for {@code type}, not to be
   * changed; see {@link SchemaFingerprints}. It follows from the catalogue: no registry is asked.
   */
  public byte[] fingerprint(Class<? extends LedgerEvent> type) {
    return fingerprints.computeIfAbsent(type, one -> SchemaFingerprints.of(catalogue.schema(one)));
  }

  /**
   * The event in {@code value}, or its bytes if its type or its schema is not known here.
   *
   * @throws WireException if it is not in the wire format, or not what its schema says.
   * @throws RegistryException if the registry does not know the id, which is an integrity fault, or
   *     does not answer, which may pass.
   */
  public StoredEvent deserialize(byte[] value) {
    int id = WireFormat.requireSchemaId(value);
    Reading reading = readings.get(id);
    if (reading == null) {
      reading = reading(id);
      if (readings.size() < MAX_WRITERS) {
        readings.put(id, reading);
      }
    }
    return reading.read(id, value);
  }

  private Reading reading(int id) {
    Schema written;
    try {
      written = registry.byId(id);
    } catch (RegistryException.Unreadable e) {
      return new Opaque("");
    }
    Class<? extends LedgerEvent> type = types.get(written.getFullName());
    if (type == null) {
      return new Opaque(written.getFullName());
    }
    try {
      return new Decodable(writer(type).codec().decoding(written));
    } catch (IllegalArgumentException e) {
      // A type of ours whose schema took a way that this version cannot follow.
      return new Opaque(written.getFullName());
    }
  }

  private RecordWriter<LedgerEvent> writer(Class<? extends LedgerEvent> type) {
    return writers.computeIfAbsent(type, this::newWriter);
  }

  @SuppressWarnings("unchecked") // A writer is only ever given events of its own type.
  private RecordWriter<LedgerEvent> newWriter(Class<? extends LedgerEvent> type) {
    RecordCodec<? extends LedgerEvent> codec = RecordCodec.of(type, catalogue.schema(type));
    return new RecordWriter<>((RecordCodec<LedgerEvent>) codec, registry, registration, topic);
  }

  /** What is known of one schema id. */
  private sealed interface Reading {
    StoredEvent read(int id, byte[] value);
  }

  private record Decodable(RecordCodec.Decoding<LedgerEvent> decoding) implements Reading {
    @Override
    public StoredEvent read(int id, byte[] value) {
      int length = value.length - WireFormat.PREFIX;
      return new StoredEvent.Known(id, decoding.decode(value, WireFormat.PREFIX, length));
    }
  }

  private record Opaque(String typeName) implements Reading {
    @Override
    public StoredEvent read(int id, byte[] value) {
      return new StoredEvent.Unknown(id, typeName, Bytes.copyOf(value));
    }
  }
}
