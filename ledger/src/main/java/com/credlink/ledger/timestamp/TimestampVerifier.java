package com.credlink.ledger.timestamp;

import com.credlink.ledger.timestamp.TimestampException.NotReliable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * Checks TimeStampTokens (RFC 3161 section 2.2, RFC 5816): what they are over, who signed them, and
 * whether that may be believed.
 */
public final class TimestampVerifier {

  private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
  private static final int MAX_CERTIFICATES = 10;

  private final List<X509Certificate> roots;

  /** A verifier that believes authorities under these roots. */
  public TimestampVerifier(List<X509Certificate> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * The time that a token proves.
   *
   * @param token in DER
   * @param sha256 of what it must be over
   * @param nonce that it must have, if one was sent
   * @throws NotReliable unless all of it holds; the sentence says what does not
   */
  public Instant verify(byte[] token, byte[] sha256, Optional<BigInteger> nonce) {
    try {
      return checked(parse(token), sha256, nonce);
    } catch (NotReliable e) {
      throw e;
    } catch (RuntimeException e) {
      // Bouncy Castle parses late, and answers bad DER with whatever it met.
      throw new NotReliable("the time-stamp cannot be read", e);
    }
  }

  private Instant checked(TimeStampToken parsed, byte[] sha256, Optional<BigInteger> nonce) {
    var info = parsed.getTimeStampInfo();
    require(
        info.getMessageImprintAlgOID().equals(NISTObjectIdentifiers.id_sha256)
            && Arrays.equals(info.getMessageImprintDigest(), sha256),
        "it is over something else");
    require(
        nonce.isEmpty() || nonce.get().equals(info.getNonce()),
        "it does not have the nonce that was sent");
    Instant time = info.getGenTime().toInstant();
    List<X509Certificate> certificates = certificates(parsed);
    X509Certificate signer = signer(parsed, certificates);
    signature(parsed, signer);
    require(isForTimestamps(signer), "its signer is not for time-stamps alone");
    path(signer, certificates, time);
    return time;
  }

  private static TimeStampToken parse(byte[] token) {
    try {
      return new TimeStampToken(new CMSSignedData(token));
    } catch (CMSException | TSPException | IOException e) {
      throw new NotReliable("the time-stamp cannot be read", e);
    }
  }

  private static List<X509Certificate> certificates(TimeStampToken token) {
    List<X509Certificate> all = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
        require(all.size() < MAX_CERTIFICATES, "it has too many certificates");
        all.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
      }
      return all;
    } catch (IOException | GeneralSecurityException e) {
      throw new NotReliable("the time-stamp has certificates that cannot be read", e);
    }
  }

  private static X509Certificate signer(TimeStampToken token, List<X509Certificate> all) {
    return all.stream()
        .filter(each -> each.getSerialNumber().equals(token.getSID().getSerialNumber()))
        .filter(each -> token.getSID().match(holder(each)))
        .findFirst()
        .orElseThrow(
            () -> new NotReliable("the time-stamp lacks the certificate of its signer", null));
  }

  private static X509CertificateHolder holder(X509Certificate certificate) {
    try {
      return new X509CertificateHolder(certificate.getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new NotReliable("the time-stamp has certificates that cannot be read", e);
    }
  }

  /** The signature, the signed hash of the certificate, and that it was valid then. */
  private static void signature(TimeStampToken token, X509Certificate signer) {
    try {
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
    } catch (TSPException | OperatorCreationException e) {
      throw new NotReliable("the time-stamp is not signed as it says", e);
    }
  }

  /** Section 2.3: the purpose is critical, and the only one. */
  private static boolean isForTimestamps(X509Certificate signer) {
    try {
      Set<String> critical = signer.getCriticalExtensionOIDs();
      return List.of(TIME_STAMPING).equals(signer.getExtendedKeyUsage())
          && critical != null
          && critical.contains("2.5.29.37");
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** A path to a root that was valid when the stamp was made (RFC 5280 section 6). */
  private void path(X509Certificate signer, List<X509Certificate> certificates, Instant time) {
    require(!roots.isEmpty(), "its authority is not known here");
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(signer);
    try {
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(
              roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()),
              target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(time));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(certificates)));
      var _ = CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (GeneralSecurityException e) {
      throw new NotReliable("the time-stamp: its authority is not known here", e);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new NotReliable("the time-stamp: " + otherwise, null);
    }
  }
}
