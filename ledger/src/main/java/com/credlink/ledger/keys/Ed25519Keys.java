package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/** Ed25519 keys in the 32 bytes that RFC 8032 gives them, for formats that know no DER. */
public final class Ed25519Keys {

  /** Bytes in a seed and in a public key. */
  public static final int LENGTH = 32;

  private Ed25519Keys() {}

  /**
   * Checks signatures of the key with this encoding (RFC 8032 section 5.1.5).
   *
   * @throws IllegalArgumentException when it encodes no usable point.
   */
  public static Verifier verifier(Bytes publicKey) {
    requireLength(publicKey.length());
    return PublicHalf.of(new Ed25519PublicKeyParameters(publicKey.toArray()));
  }

  /**
   * The key that this seed makes.
   *
   * @throws IllegalArgumentException when it has not {@link #LENGTH} bytes.
   */
  public static Signer signer(byte[] seed) {
    requireLength(seed.length);
    return LocalSigner.of(new Ed25519PrivateKeyParameters(seed));
  }

  /**
   * The encoding of a key that this package made or read.
   *
   * @throws IllegalArgumentException when it is not an Ed25519 key of this process.
   */
  public static Bytes publicKey(Verifier key) {
    return switch (key) {
      case LocalSigner signer -> publicKey(signer.publicHalf());
      case PublicHalf.Edwards edwards -> edwards.encodedPoint();
      default -> throw new IllegalArgumentException("not an Ed25519 key of this process");
    };
  }

  private static void requireLength(int length) {
    if (length != LENGTH) {
      throw new IllegalArgumentException(
          "an Ed25519 key has %d bytes, not %d".formatted(LENGTH, length));
    }
  }
}
