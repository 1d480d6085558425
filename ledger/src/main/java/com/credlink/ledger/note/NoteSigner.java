package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A key that signs notes: the seam for keys in this process, in a token or in a key service, which
 * all sign bytes. Safe for use by many threads at once.
 */
public interface NoteSigner {

  /** What others check its signatures with. */
  VerifierKey key();

  /** The bare signature over {@code message}: 64 bytes of Ed25519, 2,420 of ML-DSA-44. */
  byte[] sign(byte[] message);

  /**
   * Signs a note's text as the key's type has it.
   *
   * @param time goes into the signature if its type is timed.
   * @throws NoteException.Malformed when the type signs checkpoints only, and the text is none.
   * @throws NoteException.TooLarge when a name does not fit into what the type signs.
   */
  default NoteSignature signature(String text, Instant time) {
    VerifierKey key = key();
    SignatureType type = key.type();
    long seconds = time.getEpochSecond();
    if (type.isTimed() && seconds < 0) {
      throw new IllegalArgumentException("a signature cannot say a time before 1970: " + time);
    }
    byte[] raw = sign(type.message(key.name(), text, seconds));
    ByteBuffer signature = ByteBuffer.allocate(type.timeLength() + raw.length);
    if (type.isTimed()) {
      signature.putLong(seconds);
    }
    return new NoteSignature(key.name(), key.id(), Bytes.wrap(signature.put(raw).array()));
  }
}
