package com.credlink.ledger.trust;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.PublicKeyInfo;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** Decides whether signatures of a key may rest on a chain that somebody brought. */
public final class ChainCheck {

  private ChainCheck() {}

  /**
   * Checks a chain.
   *
   * @param key whose certificate the first one is to be.
   * @param given leaf first, then each issuer; a root of {@code roots} at the end is left out.
   * @param roots what verifiers are told to trust.
   * @return the chain, leaf first and without its root.
   * @throws TrustException when the chain does not fit; the type and the sentence say why.
   */
  public static List<X509Certificate> check(
      PublicKeyInfo key, List<X509Certificate> given, List<X509Certificate> roots, Instant now) {
    List<X509Certificate> chain =
        given.size() > 1 && roots.contains(given.getLast())
            ? given.subList(0, given.size() - 1)
            : given;
    X509Certificate leaf = chain.getFirst();
    if (!Bytes.wrap(leaf.getPublicKey().getEncoded()).equals(key.publicKey())) {
      throw new TrustException.OtherKey(name(leaf), key.keyId());
    }
    if (!key.algorithm().signsContentCredentials()) {
      throw new TrustException.OutsideProfile(
          name(leaf),
          "is for %s, which signs no content credentials".formatted(key.algorithm().label()));
    }
    requireOrder(chain);
    chain.forEach(certificate -> requireValid(certificate, now));
    ClaimSigningProfile.require(leaf);
    requirePath(chain, roots, now);
    return List.copyOf(chain);
  }

  /** What a stranger's chain is worth at a moment. */
  public enum Standing {
    /** It leads to a root, is valid then and may sign claims. */
    TRUSTED,
    /** It may sign claims, but leads to no root. */
    UNTRUSTED,
    /** A certificate is not valid then. */
    EXPIRED,
    /** The leaf is none that may sign claims. */
    OUTSIDE_PROFILE
  }

  /**
   * Judges the chain of a claim's signature.
   *
   * @param chain leaf first, without the root
   * @param at when the signature was made, as far as that is proven; else now
   */
  public static Standing standing(
      List<X509Certificate> chain, List<X509Certificate> roots, Instant at) {
    try {
      ClaimSigningProfile.require(chain.getFirst());
      chain.forEach(certificate -> requireValid(certificate, at));
      requireOrder(chain);
      if (roots.isEmpty()) {
        return Standing.UNTRUSTED;
      }
      requirePath(chain, roots, at);
      return Standing.TRUSTED;
    } catch (TrustException.OutsideProfile e) {
      return Standing.OUTSIDE_PROFILE;
    } catch (TrustException.NotValidNow e) {
      return Standing.EXPIRED;
    } catch (TrustException e) {
      return Standing.UNTRUSTED;
    }
  }

  private static void requireOrder(List<X509Certificate> chain) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      X509Certificate issuer = chain.get(i + 1);
      if (!chain.get(i).getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        throw new TrustException.WrongOrder(name(chain.get(i)), name(issuer));
      }
    }
  }

  private static void requireValid(X509Certificate certificate, Instant now) {
    try {
      certificate.checkValidity(Date.from(now));
    } catch (CertificateExpiredException e) {
      throw new TrustException.NotValidNow(
          "the certificate of '%s' ended at %s"
              .formatted(name(certificate), certificate.getNotAfter().toInstant()));
    } catch (CertificateNotYetValidException e) {
      throw new TrustException.NotValidNow(
          "the certificate of '%s' begins at %s"
              .formatted(name(certificate), certificate.getNotBefore().toInstant()));
    }
  }

  /** RFC 5280 section 6, by the JDK; what was revoked is not asked here. */
  private static void requirePath(
      List<X509Certificate> chain, List<X509Certificate> roots, Instant now) {
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var _ =
          CertPathValidator.getInstance("PKIX")
              .validate(
                  CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    } catch (CertPathValidatorException e) {
      throw new TrustException.NotTrusted(name(chain.getFirst()), e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot check a chain against these roots", e);
    }
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
