package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.keys.Verifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * What a note's signatures are checked with, written {@code name+id+base64(type | public key)}
 * (c2sp.org/signed-note, verifier keys). Immutable, with value equality.
 */
public final class VerifierKey {

  private static final String KIND = "verifier key";

  private final String name;
  private final SignatureType type;
  private final Bytes publicKey;
  private final int id;
  private final RawVerifier verifier;

  /** Whether a bare signature is this key's over a message. */
  private interface RawVerifier {
    boolean verify(byte[] message, byte[] signature);
  }

  /**
   * A key.
   *
   * @param publicKey 32 bytes of RFC 8032 or 1,312 of FIPS 204.
   * @throws NoteException.Malformed when no key can have this name or these bytes.
   */
  public VerifierKey(String name, SignatureType type, Bytes publicKey) {
    if (!Text.isKeyName(name)) {
      throw new NoteException.Malformed(
          KIND, "its name is empty or has a space, a plus or a control character");
    }
    if (publicKey.length() != type.publicKeyLength()) {
      throw new NoteException.Malformed(
          KIND,
          "a key of type %s has %d bytes, not %d"
              .formatted(type, type.publicKeyLength(), publicKey.length()));
    }
    this.name = name;
    this.type = type;
    this.publicKey = publicKey;
    this.id = id(name, typedKey());
    this.verifier = verifier(type, publicKey);
  }

  private static RawVerifier verifier(SignatureType type, Bytes publicKey) {
    return switch (type) {
      case ED25519, ED25519_COSIGNATURE -> edwards(publicKey);
      case ML_DSA_44_COSIGNATURE -> {
        PublicKey key = MlDsa44.decode(publicKey);
        yield (message, signature) -> MlDsa44.verify(key, message, signature);
      }
    };
  }

  private static RawVerifier edwards(Bytes publicKey) {
    try {
      Verifier key = Ed25519Keys.verifier(publicKey);
      return key::verify;
    } catch (IllegalArgumentException e) {
      throw new NoteException.Malformed(KIND, "it is not a point of edwards25519");
    }
  }

  /**
   * Reads a written key.
   *
   * @throws NoteException.Malformed when it is not one, or its id is not that of name and key.
   * @throws NoteException.UnsupportedType when its type is not one of {@link SignatureType}.
   */
  public static VerifierKey parse(String text) {
    // Base64 may have a plus too: only the first two divide.
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3 || !Text.isKeyName(parts[0])) {
      throw new NoteException.Malformed(KIND, "it is not name, id and key with a plus between");
    }
    byte[] key = Text.base64(KIND, "its key", parts[2]);
    if (key.length == 0) {
      throw new NoteException.Malformed(KIND, "its key is empty");
    }
    int code = key[0] & 0xFF;
    SignatureType type =
        SignatureType.of(code).orElseThrow(() -> new NoteException.UnsupportedType(parts[0], code));
    VerifierKey parsed =
        new VerifierKey(parts[0], type, Bytes.wrap(Arrays.copyOfRange(key, 1, key.length)));
    if (!parsed.idHex().equals(parts[1])) {
      throw new NoteException.Malformed(KIND, "its id is not that of its name and key");
    }
    return parsed;
  }

  /** The key as {@link #parse} reads it. */
  public String format() {
    return name + "+" + idHex() + "+" + Text.base64(typedKey());
  }

  /** Its name; for a log's key the origin. */
  public String name() {
    return name;
  }

  /** The same key under another name, which is another key to whoever reads its signatures. */
  public VerifierKey named(String other) {
    return other.equals(name) ? this : new VerifierKey(other, type, publicKey);
  }

  /** What it signs and how. */
  public SignatureType type() {
    return type;
  }

  /** The bytes of the key, without its type. */
  public Bytes publicKey() {
    return publicKey;
  }

  /** The first four bytes of {@code SHA-256(name | 0x0A | type | public key)}, big-endian. */
  public int id() {
    return id;
  }

  /** Whether this is this key's signature on the text, and not only says so. */
  boolean verifies(String text, NoteSignature signature) {
    ByteBuffer in = signature.signature().asBuffer();
    if (!signature.isOf(this) || in.remaining() != type.signatureLength()) {
      return false;
    }
    long time = type.isTimed() ? in.getLong() : 0;
    byte[] raw = new byte[in.remaining()];
    in.get(raw);
    try {
      // A time from 2^63 on is forbidden, and negative here.
      return time >= 0 && verifier.verify(type.message(name, text, time), raw);
    } catch (NoteException e) {
      return false; // the type signs checkpoints only
    }
  }

  /** When the signature says that it was made, in POSIX seconds. */
  OptionalLong time(NoteSignature signature) {
    return type.isTimed()
        ? OptionalLong.of(signature.signature().asBuffer().getLong())
        : OptionalLong.empty();
  }

  private String idHex() {
    return HexFormat.of().toHexDigits(id);
  }

  private byte[] typedKey() {
    ByteBuffer out = ByteBuffer.allocate(1 + publicKey.length());
    return out.put((byte) type.code()).put(publicKey.asBuffer()).array();
  }

  private static int id(String name, byte[] typedKey) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(name.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) '\n');
      return ByteBuffer.wrap(sha256.digest(typedKey)).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey that
        && name.equals(that.name)
        && type == that.type
        && publicKey.equals(that.publicKey);
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return format();
  }
}
