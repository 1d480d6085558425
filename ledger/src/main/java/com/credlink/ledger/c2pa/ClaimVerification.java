package com.credlink.ledger.c2pa;

import com.credlink.ledger.cbor.CborException;
import com.credlink.ledger.cbor.CborItem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The signature of a claim with the certificates in its protected header (C2PA 2.2 section 13.2).
 */
final class ClaimVerification {

  private static final int MAX_CERTIFICATES = 10;
  private static final CborItem CHAIN_BY_NAME = CborItem.text("x5chain");

  private ClaimVerification() {}

  /** The chain in a protected header; empty if it has none that can be read. */
  static List<X509Certificate> chain(CborItem header) {
    Optional<CborItem> value = header.get(ClaimSignature.CHAIN).or(() -> header.get(CHAIN_BY_NAME));
    List<CborItem> items =
        value
            .map(each -> each instanceof CborItem.Array(List<CborItem> many) ? many : List.of(each))
            .orElse(List.of());
    if (items.size() > MAX_CERTIFICATES) {
      return List.of();
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> chain = new ArrayList<>();
      for (CborItem item : items) {
        byte[] der = item.asBytes().orElse(new byte[0]);
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      return chain;
    } catch (CertificateException e) {
      return List.of();
    }
  }

  /** The algorithm in a protected header. */
  static Optional<Long> algorithm(CborItem header) {
    return header.get(ClaimSignature.ALGORITHM).flatMap(CborItem::asInt);
  }

  /** A protected header; empty if it is no CBOR. */
  static Optional<CborItem> header(ClaimSignature signature) {
    try {
      return Optional.of(CborItem.decode(signature.protectedHeader()));
    } catch (CborException e) {
      return Optional.empty();
    }
  }

  /** The JDK's name of an algorithm of section 13.2.1; empty for any other. */
  static Optional<String> jdkName(long algorithm) {
    return switch ((int) algorithm) {
      case -7 -> Optional.of("SHA256withECDSAinP1363Format");
      case -35 -> Optional.of("SHA384withECDSAinP1363Format");
      case -36 -> Optional.of("SHA512withECDSAinP1363Format");
      case -37, -38, -39 -> Optional.of("RSASSA-PSS");
      case -8 -> Optional.of("Ed25519");
      default -> Optional.empty();
    };
  }

  /** Whether a claim was signed with this key. */
  static boolean verifies(long algorithm, PublicKey key, ClaimSignature signature, byte[] claim) {
    try {
      Signature verifier = Signature.getInstance(jdkName(algorithm).orElseThrow());
      verifier.initVerify(key);
      switch ((int) algorithm) {
        case -37 -> verifier.setParameter(pss("SHA-256", MGF1ParameterSpec.SHA256, 32));
        case -38 -> verifier.setParameter(pss("SHA-384", MGF1ParameterSpec.SHA384, 48));
        case -39 -> verifier.setParameter(pss("SHA-512", MGF1ParameterSpec.SHA512, 64));
        default -> {}
      }
      verifier.update(ClaimSignature.toBeSigned(signature.protectedHeader(), claim));
      return verifier.verify(signature.signature());
    } catch (GeneralSecurityException wrongKindOfKeyOrForm) {
      return false;
    }
  }

  private static PSSParameterSpec pss(String digest, MGF1ParameterSpec mask, int salt) {
    return new PSSParameterSpec(digest, "MGF1", mask, salt, 1);
  }
}
