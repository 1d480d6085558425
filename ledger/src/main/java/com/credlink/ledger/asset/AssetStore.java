package com.credlink.ledger.asset;

import java.io.InputStream;
import java.util.Optional;

/**
 * Where assets live: per tenant, encrypted under the tenant's asset key, addressed by the digest of
 * the plain bytes within the tenant, never across tenants. Safe for use by many threads at once.
 */
public interface AssetStore {

  /** Most bytes of an asset: 50 MiB. */
  long MAX_BYTES = 50L * 1024 * 1024;

  /**
   * What was stored.
   *
   * @param sha256 SHA-256 of the plain bytes, lower-case hex.
   * @param size how many plain bytes.
   */
  record Stored(String sha256, long size) {}

  /**
   * Stores bytes durably; storing them again changes nothing.
   *
   * @return SHA-256 of {@code plain}, lower-case hex.
   * @throws AssetException.TooLarge above {@link #MAX_BYTES}.
   * @throws AssetException.Unavailable when the store cannot be written; the bytes may be sent
   *     again.
   */
  String put(String tenant, byte[] plain);

  /**
   * The same for a stream, which is read to its end and not closed; memory does not grow with it.
   *
   * @throws AssetException.SourceFailed when the stream fails.
   */
  Stored put(String tenant, InputStream plain);

  /**
   * The bytes with this digest, checked against it; empty when the tenant has none, or when the key
   * that they were encrypted under was destroyed.
   *
   * @param sha256 lower-case hex.
   * @throws AssetException.Damaged when what is stored is not what was put.
   * @throws AssetException.Unavailable when the store cannot be read.
   */
  Optional<byte[]> get(String tenant, String sha256);

  /** Whether something is stored under this digest; says nothing about its state. */
  boolean contains(String tenant, String sha256);

  /** Deletes one asset; nothing happens when there is none. */
  void delete(String tenant, String sha256);

  /** Deletes all assets of a tenant. */
  void deleteTenant(String tenant);
}
