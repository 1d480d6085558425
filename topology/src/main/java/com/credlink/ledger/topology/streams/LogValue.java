package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireException;
import org.apache.kafka.common.serialization.Deserializer;

/** A value of the log as the source hands it on: decoded once for all processors. */
public sealed interface LogValue {

  /** The record's value, exactly. */
  byte[] raw();

  /** Its type, such as {@code AssetSigned}; empty when that cannot be told. */
  String type();

  /** An event of the catalogue. */
  record Event(byte[] raw, LedgerEvent event) implements LogValue {
    @Override
    public String type() {
      return event.type();
    }
  }

  /** A fact of a type that this version does not know: kept, not applied. */
  record Opaque(byte[] raw, String type) implements LogValue {}

  /** Bytes that are no event: kept, not applied, and put into quarantine with the reason. */
  record Unreadable(byte[] raw, String reason) implements LogValue {
    @Override
    public String type() {
      return "";
    }
  }

  /**
   * Decodes with {@code serde}; a registry that does not answer stops the thread, it does not skip
   * the record.
   */
  static Deserializer<LogValue> deserializer(EventSerde serde) {
    return (topic, raw) -> read(serde, raw);
  }

  /** Decodes one value. */
  static LogValue read(EventSerde serde, byte[] raw) {
    if (raw == null) {
      return new Unreadable(new byte[0], "The record has no value");
    }
    try {
      return switch (serde.deserialize(raw)) {
        case StoredEvent.Known known -> new Event(raw, known.event());
        case StoredEvent.Unknown unknown -> new Opaque(raw, unknown.typeName());
      };
    } catch (WireException e) {
      return new Unreadable(raw, e.getMessage());
    } catch (RegistryException.SchemaNotFound e) {
      return new Unreadable(raw, "The registry does not know the record's schema id");
    }
  }
}
