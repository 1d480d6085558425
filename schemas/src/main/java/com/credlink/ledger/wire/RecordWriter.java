package com.credlink.ledger.wire;

import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.registry.Subjects;
import java.util.OptionalInt;

/** Writes records of one type in the wire format; asks the registry once. */
final class RecordWriter<T> {

  private final RecordCodec<T> codec;
  private final SchemaRegistry registry;
  private final Registration registration;
  private final String subject;

  /** Threads that race here get the same id, so no lock is needed. */
  private volatile OptionalInt id = OptionalInt.empty();

  RecordWriter(
      RecordCodec<T> codec, SchemaRegistry registry, Registration registration, String topic) {
    this.codec = codec;
    this.registry = registry;
    this.registration = registration;
    this.subject = Subjects.of(topic, codec.schema());
  }

  RecordCodec<T> codec() {
    return codec;
  }

  int schemaId() {
    OptionalInt known = id;
    if (known.isEmpty()) {
      known = OptionalInt.of(registration.id(registry, subject, codec.schema()));
      id = known;
    }
    return known.getAsInt();
  }

  byte[] serialize(T value) {
    byte[] bytes = codec.encode(value, WireFormat.PREFIX);
    return WireFormat.stamp(bytes, schemaId());
  }
}
