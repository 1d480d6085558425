package com.credlink.ledger.log;

import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.wire.SchemaFingerprints;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The 32 bytes by which a record stands in the transparency log: {@code SHA-256(u32be(len(key)) |
 * key | schema | value)}, where {@code schema} is the SHA-256 of the writer schema in Avro's
 * Parsing Canonical Form, found by the id in the value, or 32 zero bytes for a value that is not in
 * the wire format. So a schema that is exchanged behind its id changes the tree. For one thread.
 */
public final class EntryHasher {

  /** Bytes in an entry. */
  public static final int LENGTH = 32;

  private final SchemaFingerprints schemas;
  private final MessageDigest digest = sha256();
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  /** A hasher that finds schemas in {@code registry}. */
  public EntryHasher(SchemaRegistry registry) {
    this.schemas = new SchemaFingerprints(registry);
  }

  /**
   * The entry of a record.
   *
   * @throws com.credlink.ledger.registry.RegistryException if the registry does not answer, or does
   *     not know the id, which is an integrity fault
   */
  public byte[] entry(byte[] key, byte[] value) {
    return entry(digest, length, key, schemas.of(value), value);
  }

  /**
   * The entry of a record whose writer schema is known. Safe for many threads.
   *
   * @param schema its fingerprint; see {@link SchemaFingerprints}
   */
  public static byte[] entry(byte[] key, byte[] schema, byte[] value) {
    return entry(sha256(), ByteBuffer.allocate(Integer.BYTES), key, schema, value);
  }

  private static byte[] entry(
      MessageDigest digest, ByteBuffer length, byte[] key, byte[] schema, byte[] value) {
    digest.update(length.clear().putInt(key.length).flip());
    digest.update(key);
    digest.update(schema);
    return digest.digest(value);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
