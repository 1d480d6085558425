package com.credlink.ledger.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM in pieces of 64 KiB. Safe for use by many threads at once.
 *
 * <p>Each piece has its own nonce (the given one with its last 32 bits XORed with the piece's
 * index) and its index and whether it is the last are additional data, so pieces cannot be dropped,
 * repeated or put in another order. A value of up to one piece is one piece.
 *
 * <p><b>Nonces.</b> GCM breaks when a key and nonce meet twice. A nonce given here must therefore
 * be random under a key that seals one value only, or random under a key that wraps at most 2^28
 * keys (SP 800-38D allows 2^32 for random 96-bit nonces). Pieces of one value never collide: their
 * indices differ.
 *
 * <p><b>Pieces.</b> The JDK's GCM runs at a hundredth of its speed until its intrinsic is compiled,
 * which happens after many calls and not after many bytes; and a reader holds 64 KiB that are not
 * authenticated yet, never 50 MiB.
 */
public final class AesGcm {

  /** Length of a key: AES-256. */
  public static final int KEY_BYTES = 32;

  /** Length of a nonce. */
  public static final int NONCE_BYTES = 12;

  /** What sealing adds to a piece. */
  public static final int TAG_BYTES = 16;

  /** Plain bytes of a piece; the last may be shorter. */
  public static final int PIECE_BYTES = 64 * 1024;

  /**
   * Ciphers kept for the next caller. Making one costs 2.5 µs, half of sealing 2 KiB; a bounded
   * pool rather than one per thread, because threads may be virtual and many.
   */
  private static final int IDLE_CIPHERS = 32;

  private static final int COUNTER_AT = NONCE_BYTES - Integer.BYTES;

  private final BlockingQueue<Cipher> idle = new ArrayBlockingQueue<>(IDLE_CIPHERS);

  /** Length of what {@link #seal} makes of {@code plainLength} bytes. */
  public static long sealedLength(long plainLength) {
    return plainLength + pieces(plainLength) * TAG_BYTES;
  }

  private static long pieces(long plainLength) {
    return Math.max(1, (plainLength + PIECE_BYTES - 1) / PIECE_BYTES);
  }

  /** Seals a value; {@code context} must be given again to open it. */
  public byte[] seal(SecretKey key, byte[] nonce, byte[] context, byte[] plain) {
    byte[] sealed = new byte[Math.toIntExact(sealedLength(plain.length))];
    int from = 0;
    int to = 0;
    int index = 0;
    do {
      int length = Math.min(PIECE_BYTES, plain.length - from);
      boolean last = from + length == plain.length;
      to += sealPiece(key, nonce, context, index++, last, plain, from, length, sealed, to);
      from += length;
    } while (from < plain.length);
    return sealed;
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws AEADBadTagException when key, nonce, context or any byte is not what it was.
   */
  public byte[] open(SecretKey key, byte[] nonce, byte[] context, byte[] sealed)
      throws AEADBadTagException {
    long count =
        Math.max(1, (sealed.length + PIECE_BYTES + TAG_BYTES - 1L) / (PIECE_BYTES + TAG_BYTES));
    long plainLength = sealed.length - count * TAG_BYTES;
    if (plainLength < 0) {
      throw new AEADBadTagException("shorter than a tag");
    }
    byte[] plain = new byte[(int) plainLength];
    int from = 0;
    int to = 0;
    int index = 0;
    do {
      int length = Math.min(PIECE_BYTES + TAG_BYTES, sealed.length - from);
      boolean last = from + length == sealed.length;
      to += openPiece(key, nonce, context, index++, last, sealed, from, length, plain, to);
      from += length;
    } while (from < sealed.length);
    return plain;
  }

  /**
   * Seals one piece of a stream.
   *
   * @return the bytes written to {@code out} from {@code outFrom}: {@code length} and {@link
   *     #TAG_BYTES}.
   */
  public int sealPiece(
      SecretKey key,
      byte[] nonce,
      byte[] context,
      int index,
      boolean last,
      byte[] in,
      int from,
      int length,
      byte[] out,
      int outFrom) {
    try {
      return run(
          Cipher.ENCRYPT_MODE, key, nonce, context, index, last, in, from, length, out, outFrom);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java runtime", e);
    }
  }

  /**
   * Opens one piece of a stream.
   *
   * @param length its length with the tag.
   * @return the bytes written to {@code out} from {@code outFrom}.
   * @throws AEADBadTagException when it is not this piece of this stream.
   */
  public int openPiece(
      SecretKey key,
      byte[] nonce,
      byte[] context,
      int index,
      boolean last,
      byte[] in,
      int from,
      int length,
      byte[] out,
      int outFrom)
      throws AEADBadTagException {
    if (length < TAG_BYTES) {
      throw new AEADBadTagException("shorter than a tag");
    }
    try {
      return run(
          Cipher.DECRYPT_MODE, key, nonce, context, index, last, in, from, length, out, outFrom);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java runtime", e);
    }
  }

  private int run(
      int mode,
      SecretKey key,
      byte[] nonce,
      byte[] context,
      int index,
      boolean last,
      byte[] in,
      int from,
      int length,
      byte[] out,
      int outFrom)
      throws GeneralSecurityException {
    Cipher cipher = idle.poll();
    if (cipher == null) {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    }
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, pieceNonce(nonce, index)));
    cipher.updateAAD(context);
    cipher.updateAAD(
        ByteBuffer.allocate(Integer.BYTES + 1).putInt(index).put((byte) (last ? 1 : 0)).array());
    int written = cipher.doFinal(in, from, length, out, outFrom);
    // A cipher that threw is not kept.
    boolean _ = idle.offer(cipher);
    return written;
  }

  private static byte[] pieceNonce(byte[] nonce, int index) {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has %d bytes".formatted(NONCE_BYTES));
    }
    ByteBuffer own = ByteBuffer.wrap(nonce.clone());
    own.putInt(COUNTER_AT, own.getInt(COUNTER_AT) ^ index);
    return own.array();
  }
}
