package com.credlink.ledger.c2pa;

import com.credlink.ledger.timestamp.TimestampException;
import com.credlink.ledger.timestamp.TimestampVerifier;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides what a time-stamp of a claim signature proves. */
@FunctionalInterface
public interface StampCheck {

  /** Believes none. */
  StampCheck NONE = (stamped, token) -> Optional.empty();

  /** Believes the authorities under these roots. */
  static StampCheck trusting(List<X509Certificate> roots) {
    TimestampVerifier verifier = new TimestampVerifier(roots);
    return (stamped, token) -> {
      try {
        return Optional.of(verifier.verify(token, Sha256.of(stamped), Optional.empty()));
      } catch (TimestampException notReliable) {
        return Optional.empty();
      }
    };
  }

  /**
   * The time that a token proves.
   *
   * @param stamped what it must be over
   * @param token a TimeStampToken in DER
   * @return empty unless it is a token over this, of an authority that is trusted
   */
  Optional<Instant> time(byte[] stamped, byte[] token);
}
