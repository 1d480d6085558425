package com.credlink.ledger.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.wire.EventJson;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireException;
import com.credlink.ledger.wire.WireFormat;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The row that follows from a record: the event, and beside it the exact bytes and their entry in
 * the transparency log, so that whoever has the row can make it again from the bytes and find the
 * bytes in the log. A record that this version does not understand has no event, and its bytes.
 */
public final class RecordRow {

  /** Hex of the record's entry. */
  public static final String SHA256 = "record_sha256";

  /** Base64 of the record's key. */
  public static final String KEY = "record_key";

  /** Base64 of the record's value. */
  public static final String VALUE = "record_value";

  private static final String TIMESTAMP = "record_timestamp";
  private static final String HEADERS = "record_headers";
  private static final String SCHEMA_ID = "schema_id";

  private final EventSerde serde;
  private final EventJson json = new EventJson();

  /** Rows of events that {@code serde} decodes. */
  public RecordRow(EventSerde serde) {
    this.serde = serde;
  }

  /**
   * The row of a record.
   *
   * @param entry its entry in the transparency log
   * @throws com.credlink.ledger.registry.RegistryException if the schema cannot be had
   */
  public ObjectNode of(LogRecord record, byte[] entry) {
    byte[] value = record.value();
    ObjectNode row = event(record.position(), record.key(), value);
    row.put(SHA256, HexFormat.of().formatHex(entry));
    row.put(KEY, Base64.getEncoder().encodeToString(record.key()));
    row.put(VALUE, Base64.getEncoder().encodeToString(value));
    row.put(TIMESTAMP, record.timestamp());
    ArrayNode headers = row.putArray(HEADERS);
    record
        .headers()
        .forEach(
            header ->
                headers
                    .addObject()
                    .put("name", header.name())
                    .put("value", Base64.getEncoder().encodeToString(header.value().toArray())));
    WireFormat.schemaId(value)
        .ifPresentOrElse(id -> row.put(SCHEMA_ID, id), () -> row.putNull(SCHEMA_ID));
    return row;
  }

  private ObjectNode event(Position position, byte[] key, byte[] value) {
    try {
      return switch (serde.deserialize(value)) {
        case StoredEvent.Known known ->
            json.event(known.event(), position.partition(), position.offset());
        case StoredEvent.Unknown unknown -> opaque(position, key, simple(unknown.typeName()));
      };
    } catch (WireException unreadable) {
      return opaque(position, key, "");
    }
  }

  private static String simple(String typeName) {
    return typeName.substring(typeName.lastIndexOf('.') + 1);
  }

  private static ObjectNode opaque(Position position, byte[] key, String type) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (type.isEmpty()) {
      node.putNull("type");
    } else {
      node.put("type", type);
    }
    node.put("tenant", new String(key, UTF_8));
    node.put("partition", position.partition());
    node.put("offset", position.offset());
    node.putNull("payload");
    return node;
  }
}
