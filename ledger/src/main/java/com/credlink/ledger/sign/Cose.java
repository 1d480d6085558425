package com.credlink.ledger.sign;

import com.credlink.ledger.cbor.CborReader;
import com.credlink.ledger.cbor.CborWriter;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Detached COSE_Sign1 (RFC 9052 section 4.2) over the 32 bytes of a digest: tag 18, protected
 * header {@code {1: alg, 4: kid}}, nothing unprotected, payload nil.
 */
public final class Cose {

  /** CBOR tag of COSE_Sign1. */
  private static final int SIGN1_TAG = 18;

  private static final int ALG_LABEL = 1;
  private static final int KID_LABEL = 4;

  private Cose() {}

  /**
   * Signs a digest.
   *
   * @throws IllegalArgumentException when {@code digest} has not 32 bytes.
   */
  public static byte[] sign1Detached(Signer signer, byte[] digest) {
    byte[] header = protectedHeader(signer);
    return sign1(header, signer.sign(toBeSigned(header, Digest.require(digest))));
  }

  /**
   * Whether {@code sign1} is the signature of this key over {@code digest}.
   *
   * <p>What this key would have written is written again and compared, so another algorithm, an
   * attached payload, an unprotected header or an encoding that is not deterministic is refused
   * without being interpreted.
   */
  public static boolean verify(Verifier verifier, byte[] digest, byte[] sign1) {
    byte[] header = protectedHeader(verifier);
    int from = sign1.length - verifier.signatureLength();
    if (from < 0) {
      return false;
    }
    byte[] signature = Arrays.copyOfRange(sign1, from, sign1.length);
    return Arrays.equals(sign1, sign1(header, signature))
        && verifier.verify(toBeSigned(header, Digest.require(digest)), signature);
  }

  /** The kid that {@code sign1} claims, to find its key by; empty if it is not in our form. */
  public static Optional<String> keyId(byte[] sign1) {
    try {
      CborReader reader = new CborReader(sign1);
      if (reader.tag() != SIGN1_TAG || reader.array() != 4) {
        return Optional.empty();
      }
      CborReader header = new CborReader(reader.bytes());
      if (reader.map() != 0) {
        return Optional.empty();
      }
      reader.nil();
      byte[] _ = reader.bytes();
      reader.end();
      if (header.map() != 2 || header.integer() != ALG_LABEL) {
        return Optional.empty();
      }
      long _ = header.integer();
      if (header.integer() != KID_LABEL) {
        return Optional.empty();
      }
      byte[] keyId = header.bytes();
      header.end();
      return Optional.of(new String(keyId, StandardCharsets.UTF_8));
    } catch (CborReader.MalformedException e) {
      return Optional.empty();
    }
  }

  /** The Sig_structure of RFC 9052 section 4.4, without external data. */
  static byte[] toBeSigned(byte[] protectedHeader, byte[] payload) {
    return new CborWriter()
        .array(4)
        .text("Signature1")
        .bytes(protectedHeader)
        .bytes(new byte[0])
        .bytes(payload)
        .toByteArray();
  }

  private static byte[] protectedHeader(Verifier key) {
    return new CborWriter()
        .map(2)
        .integer(ALG_LABEL)
        .integer(key.algorithm().coseId())
        .integer(KID_LABEL)
        .bytes(key.key().keyId().getBytes(StandardCharsets.UTF_8))
        .toByteArray();
  }

  private static byte[] sign1(byte[] protectedHeader, byte[] signature) {
    return new CborWriter()
        .tag(SIGN1_TAG)
        .array(4)
        .bytes(protectedHeader)
        .map(0)
        .nil()
        .bytes(signature)
        .toByteArray();
  }
}
