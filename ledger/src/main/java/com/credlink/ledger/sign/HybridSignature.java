package com.credlink.ledger.sign;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;

/**
 * A signature over a digest that holds as long as either of two algorithms is not broken: a
 * detached COSE_Sign1 with Ed25519 and another with ML-DSA-65 (COSE algorithm -49, RFC 9964), each
 * complete in itself and readable by software that knows only one of them. It holds only if both
 * do, by keys that the verifier was given; whoever strips one leaves something that is no hybrid
 * signature.
 *
 * @param ed25519 the COSE_Sign1 of the Ed25519 key.
 * @param mlDsa65 the COSE_Sign1 of the ML-DSA-65 key.
 */
public record HybridSignature(Bytes ed25519, Bytes mlDsa65) {

  /**
   * Signs a digest with both.
   *
   * @throws IllegalArgumentException when a key is of another algorithm, or {@code digest} has not
   *     32 bytes.
   */
  public static HybridSignature sign(Signer ed25519, Signer mlDsa65, byte[] digest) {
    requireAlgorithms(ed25519, mlDsa65);
    return new HybridSignature(
        Bytes.wrap(Cose.sign1Detached(ed25519, digest)),
        Bytes.wrap(Cose.sign1Detached(mlDsa65, digest)));
  }

  /**
   * Whether both keys signed {@code digest}.
   *
   * @throws IllegalArgumentException when a key is of another algorithm: such a pair proves less
   *     than was asked for.
   */
  public boolean holds(Verifier ed25519Key, Verifier mlDsa65Key, byte[] digest) {
    requireAlgorithms(ed25519Key, mlDsa65Key);
    boolean classical = Cose.verify(ed25519Key, digest, ed25519.toArray());
    boolean postQuantum = Cose.verify(mlDsa65Key, digest, mlDsa65.toArray());
    return classical && postQuantum;
  }

  private static void requireAlgorithms(Verifier ed25519, Verifier mlDsa65) {
    if (ed25519.algorithm() != Algorithm.ED25519 || mlDsa65.algorithm() != Algorithm.ML_DSA_65) {
      throw new IllegalArgumentException(
          "a hybrid signature has an Ed25519 and an ML-DSA-65 key, not %s and %s"
              .formatted(ed25519.algorithm().label(), mlDsa65.algorithm().label()));
    }
  }
}
