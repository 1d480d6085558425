package com.credlink.ledger.log;

import com.credlink.ledger.merkle.Hash;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * All records of a tenant in one number and one hash, so that who was given them can tell whether
 * any is missing: a chain {@code d(0) = 32 zero bytes, d(n) = SHA-256(d(n-1) | u64be(offset) |
 * entry)} over the tenant's records in the order of its partition. A chain, because it goes on from
 * 32 bytes that can be kept. For one thread.
 */
public final class TenantDigest {

  private final MessageDigest sha256 = sha256();
  private final ByteBuffer offsetBytes = ByteBuffer.allocate(Long.BYTES);
  private final byte[] chain;
  private long count;

  /** Of no record. */
  public TenantDigest() {
    this(0, new byte[Hash.LENGTH]);
  }

  /** Goes on where another was when it said {@code count} and {@code hash}. */
  public TenantDigest(long count, byte[] hash) {
    this.count = count;
    this.chain = Hash.of(hash).toArray();
  }

  /** Adds the record at {@code offset} of the tenant's partition, which has this entry. */
  public void add(long offset, byte[] entry) {
    sha256.update(chain);
    sha256.update(offsetBytes.clear().putLong(offset).array());
    sha256.update(entry);
    try {
      sha256.digest(chain, 0, chain.length);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 has 32 bytes", e);
    }
    count++;
  }

  /** How many records. */
  public long count() {
    return count;
  }

  /** The end of the chain. */
  public Hash hash() {
    return Hash.of(chain);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
