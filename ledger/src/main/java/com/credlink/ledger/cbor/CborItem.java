package com.credlink.ledger.cbor;

import com.credlink.ledger.event.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A data item of CBOR (RFC 8949 section 2), whoever encoded it. */
public sealed interface CborItem {

  /** The simple value that is null. */
  int NIL = 22;

  /** An integer of 64 bits. */
  record Int(long value) implements CborItem {}

  /** A byte string. */
  record ByteString(Bytes value) implements CborItem {}

  /** A text string. */
  record Text(String value) implements CborItem {}

  /** An array. */
  record Array(List<CborItem> items) implements CborItem {
    public Array {
      items = List.copyOf(items);
    }
  }

  /** A map, its pairs as they were read or given. */
  record Pairs(List<Map.Entry<CborItem, CborItem>> entries) implements CborItem {
    public Pairs {
      entries = List.copyOf(entries);
    }
  }

  /** An item with a tag. */
  record Tagged(long tag, CborItem item) implements CborItem {}

  /** A simple value: 20 is false, 21 true, 22 null, 23 undefined. */
  record Simple(int value) implements CborItem {}

  /** A floating-point number. */
  record Real(double value) implements CborItem {}

  /** Null. */
  static CborItem nil() {
    return new Simple(NIL);
  }

  /** A text string. */
  static CborItem text(String value) {
    return new Text(value);
  }

  /** A byte string. */
  static CborItem bytes(byte[] value) {
    return new ByteString(Bytes.wrap(value.clone()));
  }

  /** An array. */
  static CborItem array(CborItem... items) {
    return new Array(List.of(items));
  }

  /** A map with text keys. */
  static CborItem map(Map<String, CborItem> pairs) {
    return new Pairs(
        pairs.entrySet().stream()
            .map(pair -> Map.<CborItem, CborItem>entry(new Text(pair.getKey()), pair.getValue()))
            .toList());
  }

  /**
   * Reads one item and nothing after it.
   *
   * @throws CborException if that is not what the bytes are
   */
  static CborItem decode(byte[] bytes) {
    return new CborDecoder(bytes).whole();
  }

  /** Whether these bytes are the core deterministic encoding (section 4.2.1) of what they say. */
  static boolean isDeterministic(byte[] bytes) {
    return Arrays.equals(decode(bytes).encode(), bytes);
  }

  /** The core deterministic encoding (section 4.2.1): pairs stand in the order of their keys. */
  default byte[] encode() {
    return CborEncoder.encode(this);
  }

  /** The value of a text key, if this is a map and has it. */
  default Optional<CborItem> get(String key) {
    return get(new Text(key));
  }

  /** The value of a key, if this is a map and has it; the first one where it has several. */
  default Optional<CborItem> get(CborItem key) {
    return this instanceof Pairs(var entries)
        ? entries.stream()
            .filter(pair -> pair.getKey().equals(key))
            .map(Map.Entry::getValue)
            .findFirst()
        : Optional.empty();
  }

  /** The text, if this is one. */
  default Optional<String> asText() {
    return this instanceof Text(String value) ? Optional.of(value) : Optional.empty();
  }

  /** The bytes, if this is a byte string. */
  default Optional<byte[]> asBytes() {
    return this instanceof ByteString(Bytes value)
        ? Optional.of(value.toArray())
        : Optional.empty();
  }

  /** The integer, if this is one. */
  default Optional<Long> asInt() {
    return this instanceof Int(long value) ? Optional.of(value) : Optional.empty();
  }

  /** The elements; none if this is no array. */
  default List<CborItem> elements() {
    return this instanceof Array(List<CborItem> items) ? items : List.of();
  }
}
