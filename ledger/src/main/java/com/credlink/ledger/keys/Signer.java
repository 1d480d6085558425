package com.credlink.ledger.keys;

/**
 * A key that signs: the seam for keys in a PKCS#12 file, in a token or in a key service. Safe for
 * use by many threads at once.
 *
 * <p><b>What an implementation must keep</b>, one for a cloud's key service included:
 *
 * <ul>
 *   <li>{@link #key} and {@link #algorithm} never change and need no connection: they come from the
 *       public half, read once; {@link #verify} is computed here from that half.
 *   <li>{@link #sign} is given the message, not its digest. A service that takes digests is given
 *       one that the implementation computed; none has to carry an image.
 *   <li>The form of a signature is that of {@link #verify}. A service that answers ECDSA in DER
 *       (most do) has its answer taken apart into r and s.
 *   <li>A key that cannot be reached now (throttled, timed out, session lost) is {@link
 *       KeyException.Unavailable}, within the caller's patience of a few seconds; the worker's
 *       breaker then keeps other jobs away and tries again. A key that is gone or forbidden for
 *       ever is another {@link KeyException}.
 *   <li>{@link #isDeterministic} tells the truth. Where it is false, the caller makes one signature
 *       for each operation that it has recorded, the first outcome in the log counts and others are
 *       suppressed; see there.
 *   <li>Nothing secret in {@link Object#toString}, in an exception or in a log.
 * </ul>
 */
public interface Signer extends Verifier {

  /**
   * Signs {@code message}.
   *
   * @return {@link #signatureLength} bytes, in the form that {@link #verify} takes.
   * @throws KeyException.Unavailable when the key cannot be reached now, and another attempt may
   *     help.
   */
  byte[] sign(byte[] message);

  /**
   * Whether the same message always gives the same bytes, so that a signature made twice after a
   * crash is one signature. True for every key of this process (RFC 6979, RFC 8032, FIPS 204's
   * deterministic variant, and PSS with a salt that is derived from key and message). A token or
   * service draws random numbers of its own; there a repeat is another valid signature, and the one
   * that the log has first is the one that counts.
   */
  default boolean isDeterministic() {
    return true;
  }
}
