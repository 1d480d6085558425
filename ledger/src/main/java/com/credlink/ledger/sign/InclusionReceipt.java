package com.credlink.ledger.sign;

import com.credlink.ledger.cbor.CborReader;
import com.credlink.ledger.cbor.CborWriter;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import com.credlink.ledger.merkle.ProofException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A COSE receipt of inclusion (RFC 9942) in a tree of RFC 9162 with SHA-256: a COSE_Sign1 over the
 * root, which is not in it, with the path that leads to the root in the unprotected header.
 *
 * <p>{@code 18([<<{1: alg, 4: kid, 395: 1}>>, {396: {-1: [<<[size, index, [+ hash]]>>]}}, nil,
 * signature])}
 */
public final class InclusionReceipt {

  private static final int SIGN1_TAG = 18;
  private static final int ALG_LABEL = 1;
  private static final int KID_LABEL = 4;

  /** Which kind of tree: the verifiable data structure. */
  private static final int VDS_LABEL = 395;

  private static final int RFC9162_SHA256 = 1;

  /** The proofs in a receipt. */
  private static final int VDP_LABEL = 396;

  private static final int INCLUSION = -1;

  private InclusionReceipt() {}

  /**
   * Signs a root and puts the proof beside it.
   *
   * @throws IllegalArgumentException when the path is empty: a receipt has one hash at least, so a
   *     tree of one leaf has none.
   */
  public static byte[] sign(Signer signer, InclusionProof proof, Hash root) {
    if (proof.path().isEmpty()) {
      throw new IllegalArgumentException("the leaf of a tree of one has no receipt");
    }
    byte[] header = protectedHeader(signer);
    return sign1(header, proof, signer.sign(Cose.toBeSigned(header, root.toArray())));
  }

  /**
   * The proof in a receipt, if the receipt is this key's and says that this leaf is in the tree.
   *
   * <p>As in {@link Cose#verify}, what this key would have written is written again and compared.
   */
  public static Optional<InclusionProof> verify(Verifier verifier, Hash leaf, byte[] receipt) {
    int from = receipt.length - verifier.signatureLength();
    Optional<InclusionProof> parsed = from < 0 ? Optional.empty() : proof(receipt);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    byte[] header = protectedHeader(verifier);
    byte[] signature = Arrays.copyOfRange(receipt, from, receipt.length);
    if (!Arrays.equals(receipt, sign1(header, parsed.get(), signature))) {
      return Optional.empty();
    }
    try {
      byte[] root = parsed.get().rootFrom(leaf).toArray();
      return parsed.filter(_ -> verifier.verify(Cose.toBeSigned(header, root), signature));
    } catch (ProofException e) {
      return Optional.empty();
    }
  }

  /** What a receipt claims, unchecked; empty if it is not in our form. */
  private static Optional<InclusionProof> proof(byte[] receipt) {
    try {
      CborReader reader = new CborReader(receipt);
      if (reader.tag() != SIGN1_TAG || reader.array() != 4) {
        return Optional.empty();
      }
      byte[] _ = reader.bytes();
      if (reader.map() != 1
          || reader.integer() != VDP_LABEL
          || reader.map() != 1
          || reader.integer() != INCLUSION
          || reader.array() != 1) {
        return Optional.empty();
      }
      return path(new CborReader(reader.bytes()));
    } catch (CborReader.MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<InclusionProof> path(CborReader reader)
      throws CborReader.MalformedException {
    if (reader.array() != 3) {
      return Optional.empty();
    }
    long size = reader.integer();
    long index = reader.integer();
    int length = reader.array();
    List<Hash> path = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      byte[] hash = reader.bytes();
      if (hash.length != Hash.LENGTH) {
        return Optional.empty();
      }
      path.add(Hash.of(hash));
    }
    reader.end();
    return path.isEmpty() ? Optional.empty() : Optional.of(new InclusionProof(index, size, path));
  }

  private static byte[] protectedHeader(Verifier key) {
    return new CborWriter()
        .map(3)
        .integer(ALG_LABEL)
        .integer(key.algorithm().coseId())
        .integer(KID_LABEL)
        .bytes(key.key().keyId().getBytes(StandardCharsets.UTF_8))
        .integer(VDS_LABEL)
        .integer(RFC9162_SHA256)
        .toByteArray();
  }

  private static byte[] sign1(byte[] protectedHeader, InclusionProof proof, byte[] signature) {
    return new CborWriter()
        .tag(SIGN1_TAG)
        .array(4)
        .bytes(protectedHeader)
        .map(1)
        .integer(VDP_LABEL)
        .map(1)
        .integer(INCLUSION)
        .array(1)
        .bytes(encoded(proof))
        .nil()
        .bytes(signature)
        .toByteArray();
  }

  private static byte[] encoded(InclusionProof proof) {
    CborWriter out =
        new CborWriter()
            .array(3)
            .integer(proof.size())
            .integer(proof.index())
            .array(proof.path().size());
    proof.path().forEach(hash -> out.bytes(hash.toArray()));
    return out.toByteArray();
  }
}
