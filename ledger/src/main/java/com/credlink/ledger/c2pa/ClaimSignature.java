package com.credlink.ledger.c2pa;

import static com.credlink.ledger.c2pa.C2paException.malformed;

import com.credlink.ledger.c2pa.C2paException.Reason;
import com.credlink.ledger.cbor.CborException;
import com.credlink.ledger.cbor.CborItem;
import com.credlink.ledger.cbor.CborWriter;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The COSE_Sign1 of a claim (C2PA 2.2 sections 10.3.2.4 and 13.2): algorithm and chain protected,
 * payload detached, and unprotected zeros that a time-stamp can take the place of.
 *
 * @param protectedHeader as it was signed
 * @param signature as COSE has it
 * @param token a time-stamp token, in DER
 * @param pad how many zeros
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, not compared.
record ClaimSignature(byte[] protectedHeader, byte[] signature, Optional<byte[]> token, int pad) {

  /** Zeros beside a signature without a time-stamp: room for a token with its chain. */
  static final int RESERVED = 8 * 1024;

  private static final long SIGN1 = 18;
  static final CborItem ALGORITHM = new CborItem.Int(1);
  static final CborItem CHAIN = new CborItem.Int(33);
  static final String PAD = "pad";
  static final String STAMP = "sigTst2";
  static final String TOKENS = "tstTokens";
  static final String TOKEN = "val";

  /** Between these a byte string has a head of three bytes. */
  private static final int LEAST_PAD = 256;

  private static final int MOST_PAD = 0xFFFF;

  /** The protected header of signatures of this key. */
  static byte[] protectedHeader(ClaimSigner key) {
    List<CborItem> chain = key.chain().stream().map(ClaimSignature::der).toList();
    return new CborItem.Pairs(
            List.of(
                Map.entry(ALGORITHM, new CborItem.Int(key.signer().algorithm().coseId())),
                Map.entry(CHAIN, chain.size() == 1 ? chain.getFirst() : new CborItem.Array(chain))))
        .encode();
  }

  private static CborItem der(X509Certificate certificate) {
    try {
      return CborItem.bytes(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate cannot be encoded", e);
    }
  }

  /** What is signed: the Sig_structure of RFC 9052 section 4.4 over a claim. */
  static byte[] toBeSigned(byte[] protectedHeader, byte[] claim) {
    return new CborWriter()
        .array(4)
        .text("Signature1")
        .bytes(protectedHeader)
        .bytes(new byte[0])
        .bytes(claim)
        .toByteArray();
  }

  /**
   * What a time-stamp is over (section 10.3.2.5): the countersignature's structure, whose payload
   * is the signature with its head.
   */
  byte[] toBeStamped() {
    return new CborWriter()
        .array(4)
        .text("CounterSignature")
        .bytes(protectedHeader)
        .bytes(new byte[0])
        .bytes(new CborWriter().bytes(signature).toByteArray())
        .toByteArray();
  }

  /** A signature with room for a time-stamp. */
  static ClaimSignature unstamped(byte[] protectedHeader, byte[] signature) {
    return new ClaimSignature(protectedHeader, signature, Optional.empty(), RESERVED);
  }

  /**
   * The same with a time-stamp in the place of zeros, encoded in as many bytes.
   *
   * @throws C2paException unless it has room for it
   */
  ClaimSignature stamped(byte[] stamp) {
    if (token.isPresent()) {
      throw new C2paException(Reason.NO_ROOM, "the credentials have a time-stamp already");
    }
    ClaimSignature bare = new ClaimSignature(protectedHeader, signature, Optional.of(stamp), 0);
    int grown =
        bare.encode().length
            - new ClaimSignature(protectedHeader, signature, token, 0).encode().length;
    int left = pad - grown;
    if (left < LEAST_PAD || pad > MOST_PAD) {
      throw new C2paException(
          Reason.NO_ROOM,
          "the credentials have no room for a time-stamp of %d bytes".formatted(stamp.length));
    }
    return new ClaimSignature(protectedHeader, signature, Optional.of(stamp), left);
  }

  /** The tagged COSE_Sign1. */
  byte[] encode() {
    CborWriter out =
        new CborWriter().tag(SIGN1).array(4).bytes(protectedHeader).map(token.isPresent() ? 2 : 1);
    out.text(PAD).bytes(new byte[pad]);
    token.ifPresent(
        stamp -> out.text(STAMP).map(1).text(TOKENS).array(1).map(1).text(TOKEN).bytes(stamp));
    return out.nil().bytes(signature).toByteArray();
  }

  /**
   * Reads a signature in any encoding.
   *
   * @throws C2paException unless it is a COSE_Sign1 with a detached payload
   */
  static ClaimSignature parse(byte[] encoded) {
    try {
      CborItem item = CborItem.decode(encoded);
      CborItem body =
          item instanceof CborItem.Tagged(long tag, CborItem inner) && tag == SIGN1 ? inner : item;
      List<CborItem> parts = body.elements();
      if (parts.size() != 4 || !parts.get(2).equals(CborItem.nil())) {
        throw malformed("the claim signature is no COSE_Sign1 with a detached payload");
      }
      CborItem unprotected = parts.get(1);
      return new ClaimSignature(
          bytes(parts.get(0)),
          bytes(parts.get(3)),
          unprotected
              .get(STAMP)
              .flatMap(stamp -> stamp.get(TOKENS))
              .flatMap(tokens -> tokens.elements().stream().findFirst())
              .flatMap(first -> first.get(TOKEN))
              .flatMap(CborItem::asBytes),
          unprotected.get(PAD).flatMap(CborItem::asBytes).map(zeros -> zeros.length).orElse(0));
    } catch (CborException e) {
      throw malformed("the claim signature is no CBOR: " + e.getMessage());
    }
  }

  private static byte[] bytes(CborItem item) {
    return item.asBytes()
        .orElseThrow(
            () -> malformed("the claim signature is no COSE_Sign1 with a detached payload"));
  }
}
