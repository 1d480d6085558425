package com.credlink.ledger.note;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The types of signatures on a note that this product makes and checks (signed-note, types). */
public enum SignatureType {

  /** 0x01: Ed25519 over the note's text (c2sp.org/signed-note). */
  ED25519(0x01, 32, 64) {
    @Override
    byte[] message(String name, String text, long time) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  },

  /** 0x04: Ed25519 over a time and the note's text; names no cosigner (tlog-cosignature). */
  ED25519_COSIGNATURE(0x04, 32, 64) {
    @Override
    byte[] message(String name, String text, long time) {
      return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
  },

  /** 0x06: ML-DSA-44 over a structure of name, time and tree head (tlog-cosignature). */
  ML_DSA_44_COSIGNATURE(0x06, 1312, 2420) {
    @Override
    byte[] message(String name, String text, long time) {
      return subtree(name, Checkpoint.parse(text), time);
    }
  };

  private static final byte[] SUBTREE = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

  /** What one byte can count. */
  private static final int MAX_OPAQUE = 255;

  private final int code;
  private final int publicKeyLength;
  private final int rawLength;

  SignatureType(int code, int publicKeyLength, int rawLength) {
    this.code = code;
    this.publicKeyLength = publicKeyLength;
    this.rawLength = rawLength;
  }

  /** The type with this byte; empty if it is not one of these. */
  static Optional<SignatureType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /** The algorithm's name, for people. */
  public String algorithm() {
    return switch (this) {
      case ED25519, ED25519_COSIGNATURE -> "Ed25519";
      case ML_DSA_44_COSIGNATURE -> "ML-DSA-44";
    };
  }

  /** The byte that stands for the type in a verifier key and in a key's id. */
  public int code() {
    return code;
  }

  /** Bytes in a public key. */
  public int publicKeyLength() {
    return publicKeyLength;
  }

  /** Whether the signature says when it was made: a time in 8 bytes stands before it. */
  public boolean isTimed() {
    return this != ED25519;
  }

  /** Bytes in a line after the key's id: time, if there is one, and signature. */
  public int signatureLength() {
    return timeLength() + rawLength;
  }

  int timeLength() {
    return isTimed() ? Long.BYTES : 0;
  }

  /**
   * What the key signs.
   *
   * @param name the key's.
   * @param time POSIX seconds; of no meaning for a type that is not timed.
   * @throws NoteException.Malformed when the type signs checkpoints in a form of their own, and the
   *     text is none, or the name or origin has more than 255 bytes.
   */
  abstract byte[] message(String name, String text, long time);

  /** The {@code cosigned_message} of tlog-cosignature, for the whole tree. */
  private static byte[] subtree(String name, Checkpoint checkpoint, long time) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SUBTREE);
    opaque(out, name);
    u64(out, time);
    opaque(out, checkpoint.origin());
    u64(out, 0);
    u64(out, checkpoint.size());
    out.writeBytes(checkpoint.root().toArray());
    return out.toByteArray();
  }

  private static void opaque(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_OPAQUE) {
      throw new NoteException.TooLarge("name in a subtree signature", MAX_OPAQUE, "bytes");
    }
    out.write(utf8.length);
    out.writeBytes(utf8);
  }

  private static void u64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }
}
