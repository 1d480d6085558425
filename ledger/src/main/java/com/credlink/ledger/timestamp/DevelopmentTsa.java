package com.credlink.ledger.timestamp;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.LocalKeys;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.X509Signing;
import com.credlink.ledger.trust.DevelopmentAuthority;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;

/**
 * A time-stamping authority of our own, so that time-stamps work offline. Its clock is this
 * machine's, so it proves nothing to anybody who does not trust this machine. Its key lives as long
 * as this object; each token has the certificate.
 */
public final class DevelopmentTsa implements TimestampAuthority {

  private static final String NAME = "development";

  /** A policy of nobody, under the arc of examples (ITU-T X.660, 2.999). */
  private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("2.999.3161.1");

  private static final int SERIAL_BITS = 127;

  private final Signer signer;
  private final X509Certificate certificate;
  private final TimestampVerifier verifier;
  private final SecureRandom random;
  private final InstantSource clock;

  /** An authority under {@code root}'s root. */
  public DevelopmentTsa(DevelopmentAuthority root, SecureRandom random, InstantSource clock) {
    this.signer = LocalKeys.generate(Algorithm.ES256, random);
    this.certificate = root.issueForTimestamps(LocalKeys.publicKey(signer));
    this.verifier = new TimestampVerifier(root.roots());
    this.random = random;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Timestamp stamp(byte[] sha256) {
    TimestampExchange exchange = new TimestampExchange(NAME, sha256, verifier, random, clock);
    return exchange.answered(answer(exchange.request()));
  }

  /**
   * Answers a TimeStampReq with a TimeStampResp (RFC 3161 section 2.4); one that is not to be
   * stamped gets its refusal.
   */
  public byte[] answer(byte[] request) {
    try {
      TimeStampResponseGenerator responses =
          new TimeStampResponseGenerator(tokens(), Set.of(NISTObjectIdentifiers.id_sha256.getId()));
      return response(responses, request).getEncoded();
    } catch (IOException | TSPException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("the time-stamp cannot be made", e);
    }
  }

  private TimeStampResponse response(TimeStampResponseGenerator responses, byte[] request)
      throws TSPException {
    TimeStampRequest parsed;
    try {
      parsed = new TimeStampRequest(request);
    } catch (IOException | RuntimeException e) {
      return responses.generateFailResponse(
          PKIStatus.REJECTION, PKIFailureInfo.badDataFormat, "not a TimeStampReq");
    }
    try {
      return responses.generateGrantedResponse(
          parsed,
          new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
          Date.from(clock.instant()));
    } catch (TSPException e) {
      return responses.generateFailResponse(
          PKIStatus.REJECTION, PKIFailureInfo.badAlg, e.getMessage());
    }
  }

  private TimeStampTokenGenerator tokens()
      throws TSPException, OperatorCreationException, GeneralSecurityException, IOException {
    DigestCalculatorProvider digests = new BcDigestCalculatorProvider();
    X509CertificateHolder holder = new X509CertificateHolder(certificate.getEncoded());
    TimeStampTokenGenerator tokens =
        new TimeStampTokenGenerator(
            new SignerInfoGeneratorBuilder(digests).build(new X509Signing(signer), holder),
            digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
            POLICY);
    tokens.addCertificates(new CollectionStore<>(List.of(holder)));
    return tokens;
  }
}
