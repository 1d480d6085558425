package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.HeaderReader;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.wire.StoredEvent;
import com.credlink.ledger.wire.WireException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** Which records are asked for. What is not asked for passes every filter. */
final class RecordFilters {

  private RecordFilters() {}

  /** Records of a tenant. */
  static Predicate<LogRecord> tenant(Optional<String> tenant) {
    if (tenant.isEmpty()) {
      return record -> true;
    }
    byte[] key = tenant.get().getBytes(UTF_8);
    return record -> Arrays.equals(record.key(), key);
  }

  /** Records of a type, by what stands in their value. */
  static Predicate<LogRecord> type(Optional<String> type, EventCatalogue catalogue, StoredLog log) {
    if (type.isEmpty()) {
      return record -> true;
    }
    HeaderReader header = new HeaderReader(catalogue, log.registry());
    EventSerde serde =
        new EventSerde(catalogue, log.registry(), Registration.LOOKUP, Topics.EVENTS);
    return record ->
        type.get()
            .equals(header.read(record.value()) ? header.type() : decoded(serde, record.value()));
  }

  private static String decoded(EventSerde serde, byte[] value) {
    try {
      return serde.deserialize(value) instanceof StoredEvent.Known known
          ? known.event().type()
          : "";
    } catch (WireException unreadable) {
      return "";
    }
  }
}
