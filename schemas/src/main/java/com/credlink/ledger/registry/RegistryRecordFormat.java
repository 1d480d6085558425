package com.credlink.ledger.registry;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.registry.RegistryRecord.Foreign;
import com.credlink.ledger.registry.RegistryRecord.LevelSet;
import com.credlink.ledger.registry.RegistryRecord.ModeSet;
import com.credlink.ledger.registry.RegistryRecord.Noop;
import com.credlink.ledger.registry.RegistryRecord.SchemaRemoved;
import com.credlink.ledger.registry.RegistryRecord.SchemaStored;
import com.credlink.ledger.registry.RegistryRecord.SubjectDeleted;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of the topic {@code _schemas}, as Confluent's registry writes and reads them: JSON keys
 * with a {@code keytype}, JSON values, a missing value for what is gone. A real registry can so be
 * started on our topic, and ours on one of theirs.
 */
public final class RegistryRecordFormat {

  /** The type of schema that this product uses. */
  public static final String AVRO = "AVRO";

  private static final String KEY_TYPE = "keytype";
  private static final String SUBJECT = "subject";
  private static final String VERSION = "version";
  private static final String MAGIC = "magic";
  private static final String ID = "id";
  private static final String SCHEMA = "schema";
  private static final String SCHEMA_TYPE = "schemaType";
  private static final String DELETED = "deleted";
  private static final String LEVEL = "compatibilityLevel";
  private static final String MODE = "mode";
  private static final List<String> SCHEMA_PROPERTIES =
      List.of(SUBJECT, VERSION, ID, SCHEMA_TYPE, SCHEMA, DELETED);

  private final ObjectMapper json = new ObjectMapper();

  /**
   * A Kafka record's key and value.
   *
   * @param key never empty.
   * @param value empty for a tombstone.
   */
  public record Entry(Bytes key, Optional<Bytes> value) {}

  /** The bytes of {@code record}. */
  public Entry write(RegistryRecord record) {
    return switch (record) {
      case SchemaStored stored ->
          entry(schemaKey(stored.subject(), stored.version()), Optional.of(value(stored)));
      case SchemaRemoved removed ->
          entry(schemaKey(removed.subject(), removed.version()), Optional.empty());
      case SubjectDeleted deleted ->
          entry(
              key("DELETE_SUBJECT", Optional.of(deleted.subject())),
              Optional.of(
                  json.createObjectNode()
                      .put(SUBJECT, deleted.subject())
                      .put(VERSION, deleted.version())));
      case LevelSet set ->
          entry(
              key("CONFIG", set.subject()),
              set.level().map(level -> scoped(set.subject()).put(LEVEL, level.name())));
      case ModeSet set ->
          entry(
              key("MODE", set.subject()),
              set.mode().map(mode -> scoped(set.subject()).put(MODE, mode.name())));
      case Noop _ ->
          entry(json.createObjectNode().put(KEY_TYPE, "NOOP").put(MAGIC, 0), Optional.empty());
      case Foreign foreign ->
          throw new IllegalArgumentException("a " + foreign.keyType() + " record is not ours");
    };
  }

  /**
   * The record in these bytes. What cannot be understood is {@link Foreign}, as in Confluent's
   * registry, because one bad record must not make all schemas unreadable.
   *
   * @param value empty for a tombstone.
   */
  public RegistryRecord read(byte[] key, Optional<byte[]> value) {
    Optional<ObjectNode> keyNode = object(key);
    if (keyNode.isEmpty()) {
      return new Foreign("");
    }
    ObjectNode node = keyNode.get();
    String type = node.path(KEY_TYPE).asText();
    Optional<String> subject =
        Optional.ofNullable(node.get(SUBJECT)).filter(JsonNode::isTextual).map(JsonNode::asText);
    Optional<ObjectNode> body = value.flatMap(this::object);
    if (value.isPresent() && body.isEmpty()) {
      return new Foreign(type);
    }
    return switch (type) {
      case "SCHEMA" -> schema(node, subject, body);
      case "DELETE_SUBJECT" ->
          subject.isPresent() && body.isPresent()
              ? new SubjectDeleted(subject.get(), body.get().path(VERSION).asInt())
              : new Foreign(type);
      case "CONFIG" -> level(subject, body);
      case "MODE" -> mode(subject, body);
      case "NOOP" -> new Noop();
      default -> new Foreign(type);
    };
  }

  private RegistryRecord schema(
      ObjectNode key, Optional<String> subject, Optional<ObjectNode> body) {
    int version = key.path(VERSION).asInt();
    if (subject.isEmpty() || version < 1) {
      return new Foreign("SCHEMA");
    }
    if (body.isEmpty()) {
      return new SchemaRemoved(subject.get(), version);
    }
    ObjectNode value = body.get();
    if (!value.path(SCHEMA).isTextual() || !value.path(ID).isInt()) {
      return new Foreign("SCHEMA");
    }
    ObjectNode others = value.deepCopy();
    others.remove(SCHEMA_PROPERTIES);
    return new SchemaStored(
        subject.get(),
        version,
        value.path(ID).asInt(),
        value.path(SCHEMA_TYPE).asText(AVRO),
        value.path(SCHEMA).asText(),
        value.path(DELETED).asBoolean(),
        others);
  }

  private static RegistryRecord level(Optional<String> subject, Optional<ObjectNode> body) {
    Optional<CompatibilityLevel> level =
        body.flatMap(value -> CompatibilityLevel.of(value.path(LEVEL).asText()));
    return body.isPresent() && level.isEmpty()
        ? new Foreign("CONFIG")
        : new LevelSet(subject, level);
  }

  private static RegistryRecord mode(Optional<String> subject, Optional<ObjectNode> body) {
    Optional<RegistryMode> mode = body.flatMap(value -> RegistryMode.of(value.path(MODE).asText()));
    return body.isPresent() && mode.isEmpty() ? new Foreign("MODE") : new ModeSet(subject, mode);
  }

  private ObjectNode value(SchemaStored stored) {
    ObjectNode value =
        json.createObjectNode()
            .put(SUBJECT, stored.subject())
            .put(VERSION, stored.version())
            .put(ID, stored.id());
    if (!stored.schemaType().equals(AVRO)) {
      value.put(SCHEMA_TYPE, stored.schemaType());
    }
    value.setAll(stored.others());
    return value.put(SCHEMA, stored.schema()).put(DELETED, stored.deleted());
  }

  private ObjectNode schemaKey(String subject, int version) {
    return json.createObjectNode()
        .put(KEY_TYPE, "SCHEMA")
        .put(SUBJECT, subject)
        .put(VERSION, version)
        .put(MAGIC, 1);
  }

  private ObjectNode key(String type, Optional<String> subject) {
    ObjectNode key = json.createObjectNode().put(KEY_TYPE, type);
    // The global key has an explicit null: keys are compared byte for byte when compacted.
    subject.ifPresentOrElse(name -> key.put(SUBJECT, name), () -> key.putNull(SUBJECT));
    return key.put(MAGIC, 0);
  }

  private ObjectNode scoped(Optional<String> subject) {
    ObjectNode value = json.createObjectNode();
    subject.ifPresent(name -> value.put(SUBJECT, name));
    return value;
  }

  private Entry entry(ObjectNode key, Optional<ObjectNode> value) {
    return new Entry(bytes(key), value.map(this::bytes));
  }

  private Bytes bytes(ObjectNode node) {
    try {
      return Bytes.wrap(json.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ObjectNode> object(byte[] bytes) {
    try {
      return json.readTree(bytes) instanceof ObjectNode node ? Optional.of(node) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
