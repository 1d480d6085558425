package com.credlink.ledger.wire;

import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.SchemaRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * One record type in the Confluent wire format, for topics that hold nothing else. Safe for many
 * threads.
 *
 * @param <T> the record type.
 */
public final class RecordSerde<T> {

  /** Writer schemas whose decoding is kept; one version of one type is one. */
  static final int MAX_WRITERS = 1_000;

  private final RecordWriter<T> writer;
  private final SchemaRegistry registry;
  private final Map<Integer, RecordCodec.Decoding<T>> decodings = new ConcurrentHashMap<>();

  /**
   * A serde for values of {@code topic}.
   *
   * @throws IllegalArgumentException if {@code type} does not mirror {@code schema}.
   */
  public RecordSerde(
      Class<T> type,
      Schema schema,
      SchemaRegistry registry,
      Registration registration,
      String topic) {
    this.registry = registry;
    this.writer = new RecordWriter<>(RecordCodec.of(type, schema), registry, registration, topic);
  }

  /**
   * {@code value} in the wire format.
   *
   * @throws RegistryException if the schema has no id.
   */
  public byte[] serialize(T value) {
    return writer.serialize(value);
  }

  /**
   * The record in {@code value}.
   *
   * @throws WireException if it is none.
   * @throws RegistryException if the registry does not know the id or does not answer.
   */
  public T deserialize(byte[] value) {
    int id = WireFormat.requireSchemaId(value);
    RecordCodec.Decoding<T> decoding = decodings.get(id);
    if (decoding == null) {
      decoding = decoding(id);
      if (decodings.size() < MAX_WRITERS) {
        decodings.put(id, decoding);
      }
    }
    return decoding.decode(value, WireFormat.PREFIX, value.length - WireFormat.PREFIX);
  }

  private RecordCodec.Decoding<T> decoding(int id) {
    Schema written = registry.byId(id);
    String expected = writer.codec().schema().getFullName();
    if (written.getType() != Schema.Type.RECORD || !written.getFullName().equals(expected)) {
      throw new WireException.OtherType(
          "schema " + id + " is '" + written.getFullName() + "', not '" + expected + "'");
    }
    try {
      return writer.codec().decoding(written);
    } catch (IllegalArgumentException e) {
      throw new WireException.OtherType("schema " + id + ": " + e.getMessage());
    }
  }
}
