package com.credlink.ledger.merkle;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A SHA-256 of the tree: of a leaf, a node or the whole. Immutable, with value equality. */
public final class Hash {

  /** Bytes in a hash. */
  public static final int LENGTH = 32;

  /** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
  public static final Hash EMPTY_ROOT =
      ofHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private final byte[] value;

  private Hash(byte[] value) {
    this.value = value;
  }

  /**
   * A copy of these bytes.
   *
   * @throws IllegalArgumentException when there are not {@link #LENGTH}.
   */
  public static Hash of(byte[] value) {
    if (value.length != LENGTH) {
      throw new IllegalArgumentException(
          "a hash has %d bytes, not %d".formatted(LENGTH, value.length));
    }
    return new Hash(value.clone());
  }

  /** A copy of the {@link #LENGTH} bytes from {@code offset}. */
  public static Hash of(byte[] bytes, int offset) {
    return of(Arrays.copyOfRange(bytes, offset, offset + LENGTH));
  }

  /**
   * The hash that {@code hex} spells.
   *
   * @throws IllegalArgumentException when it spells something else.
   */
  public static Hash ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** Copies the bytes to {@code target} from {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(value, 0, target, offset, LENGTH);
  }

  /** Lower-case hexadecimal. */
  public String hex() {
    return HexFormat.of().formatHex(value);
  }

  /** Standard base64 with padding, as checkpoints and proofs write it. */
  public String base64() {
    return Base64.getEncoder().encodeToString(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash that && MessageDigest.isEqual(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
