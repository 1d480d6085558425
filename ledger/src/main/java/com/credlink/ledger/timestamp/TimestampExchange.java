package com.credlink.ledger.timestamp;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.timestamp.TimestampException.NotReliable;
import com.credlink.ledger.timestamp.TimestampException.Refused;
import com.credlink.ledger.timestamp.TimestampException.Unavailable;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** One request and what is made of its answer (RFC 3161 section 2.4). */
final class TimestampExchange {

  /** A clock that differs more from ours is wrong, whosoever it is. */
  static final Duration TOLERANCE = Duration.ofMinutes(10);

  private static final int NONCE_BITS = 64;

  private final String authority;
  private final byte[] sha256;
  private final TimestampVerifier verifier;
  private final InstantSource clock;
  private final TimeStampRequest request;

  TimestampExchange(
      String authority,
      byte[] sha256,
      TimestampVerifier verifier,
      SecureRandom random,
      InstantSource clock) {
    this.authority = authority;
    this.sha256 = sha256.clone();
    this.verifier = verifier;
    this.clock = clock;
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    this.request =
        generator.generate(
            NISTObjectIdentifiers.id_sha256, sha256, new BigInteger(NONCE_BITS, random));
  }

  /** The TimeStampReq, in DER. */
  byte[] request() {
    try {
      return request.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a request always has an encoding", e);
    }
  }

  /**
   * The time-stamp in a TimeStampResp.
   *
   * @throws TimestampException unless there is one that was checked
   */
  Timestamp answered(byte[] response) {
    TimeStampResponse parsed = parse(response);
    if (parsed.getStatus() != PKIStatus.GRANTED
        && parsed.getStatus() != PKIStatus.GRANTED_WITH_MODS) {
      throw refusal(parsed);
    }
    if (parsed.getTimeStampToken() == null) {
      throw new NotReliable(authority + " grants a time-stamp and sends none", null);
    }
    byte[] token = encoded(parsed);
    Instant time;
    try {
      time = verifier.verify(token, sha256, Optional.of(request.getNonce()));
    } catch (NotReliable e) {
      throw new NotReliable(authority + ": " + e.getMessage(), e);
    }
    if (Duration.between(time, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
      throw new NotReliable(
          "%s: the time-stamp says %s, which is not now".formatted(authority, time), null);
    }
    return new Timestamp(Bytes.wrap(token), time, authority);
  }

  private TimeStampResponse parse(byte[] response) {
    try {
      return new TimeStampResponse(response);
    } catch (TSPException | IOException | RuntimeException e) {
      // Bouncy Castle answers bad DER with whatever the parser met.
      throw new NotReliable(authority + " answered something that is no time-stamp", e);
    }
  }

  private byte[] encoded(TimeStampResponse response) {
    try {
      return response.getTimeStampToken().getEncoded();
    } catch (IOException e) {
      throw new NotReliable(authority + " answered something that is no time-stamp", e);
    }
  }

  /** Section 2.4.2: some failures are of the moment, others of the request. */
  private TimestampException refusal(TimeStampResponse response) {
    PKIFailureInfo info = response.getFailInfo();
    int failure = info == null ? 0 : info.intValue();
    boolean passes =
        (failure & (PKIFailureInfo.timeNotAvailable | PKIFailureInfo.systemFailure)) != 0;
    String said =
        "%s refused with status %d%s"
            .formatted(
                authority,
                response.getStatus(),
                failure == 0 ? "" : ", failure 0x" + Integer.toHexString(failure));
    return passes ? new Unavailable(said, Optional.empty(), null) : new Refused(said);
  }
}
