package com.credlink.ledger.wire;

import com.credlink.ledger.registry.SchemaRegistry;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * What a value's writer schema is, whatever its id: the SHA-256 of the schema in Avro's Parsing
 * Canonical Form. For one thread.
 */
public final class SchemaFingerprints {

  private static final byte[] NO_SCHEMA = new byte[32];

  private final SchemaRegistry registry;
  private final Map<Integer, byte[]> known = new HashMap<>();

  /** Finds schemas in {@code registry}. */
  public SchemaFingerprints(SchemaRegistry registry) {
    this.registry = registry;
  }

  /**
   * The fingerprint of the schema of {@code value}, not to be changed; 32 zero bytes for a value
   * that is not in the wire format.
   *
   * @throws com.credlink.ledger.registry.RegistryException if the registry does not answer, or does
   *     not know the id
   */
  public byte[] of(byte[] value) {
    OptionalInt id = WireFormat.schemaId(value);
    return id.isEmpty() ? NO_SCHEMA : known.computeIfAbsent(id.getAsInt(), this::read);
  }

  private byte[] read(int id) {
    return of(registry.byId(id));
  }

  /** The fingerprint of {@code schema}. */
  static byte[] of(Schema schema) {
    try {
      return SchemaNormalization.parsingFingerprint("SHA-256", schema);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
