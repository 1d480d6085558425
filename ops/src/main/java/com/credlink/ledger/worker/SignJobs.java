package com.credlink.ledger.worker;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.projections.signing.Backend;
import com.credlink.ledger.projections.signing.ErrorClasses;
import com.credlink.ledger.projections.signing.RetrySchedule;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.sign.Cose;
import com.credlink.ledger.sign.Jws;
import com.credlink.ledger.worker.SignerWorker.JobHandler;
import com.credlink.ledger.worker.SignerWorker.OutcomeNotDurableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Signs a digest: {@code SigningStarted} is durable before a key is touched, each signature is
 * verified before {@code AssetSigned} is written. Keys of this process are deterministic, so a
 * repeat after a crash gives the same bytes; with a token or a key service a repeat is another
 * signature, and the first outcome in the log counts.
 */
public final class SignJobs implements JobHandler {

  private final KeyRing keys;
  private final SignedFiles files;
  private final RetrySchedule schedule;
  private final Outcomes outcomes;

  SignJobs(KeyRing keys, SignedFiles files, RetrySchedule schedule, Outcomes outcomes) {
    this.keys = keys;
    this.files = files;
    this.schedule = schedule;
    this.outcomes = outcomes;
  }

  @Override
  public Backend backend() {
    return Backend.KEYS;
  }

  @Override
  public LedgerEvent work(Job job) throws OutcomeNotDurableException {
    SignJob sign = (SignJob) job;
    SigningStarted started =
        new SigningStarted(
            outcomes.header(sign.tenant(), sign.correlationId(), sign.causationId()),
            sign.requestId(),
            sign.attempt(),
            outcomes.worker());
    outcomes.append(started);
    return outcomes.append(
        switch (sign(sign)) {
          case Signed signed ->
              new AssetSigned(
                  outcomes.header(sign.tenant(), sign.correlationId(), started.eventId()),
                  sign.requestId(),
                  sign.attempt(),
                  sign.digest(),
                  signed.signatures(),
                  signed.file().map(SignedFiles.Result.Made::signedSha256),
                  signed.file().map(SignedFiles.Result.Made::manifestSha256));
          case Failed failed -> failure(sign, started, failed);
        });
  }

  private sealed interface Attempt permits Signed, Failed {}

  private record Signed(List<Signature> signatures, Optional<SignedFiles.Result.Made> file)
      implements Attempt {}

  private record Failed(String errorClass, String reason) implements Attempt {}

  private Attempt sign(SignJob job) {
    if (!job.formats().contains(SignatureFormat.C2PA)) {
      return sign(job, Optional.empty());
    }
    return switch (files.make(job)) {
      case SignedFiles.Result.Made made -> sign(job, Optional.of(made));
      case SignedFiles.Result.Failed(String errorClass, String reason) ->
          new Failed(errorClass, reason);
    };
  }

  /** The detached signatures, which a file has beside its own. */
  private Attempt sign(SignJob job, Optional<SignedFiles.Result.Made> file) {
    byte[] digest = HexFormat.of().parseHex(job.digest());
    List<Signature> signatures = new ArrayList<>();
    for (KeyVersion version : job.keys()) {
      Signer signer;
      Verifier verifier;
      try {
        signer = keys.signer(version.keyId());
        verifier = keys.verifier(version.keyId()).orElseThrow();
      } catch (KeyException.Unavailable e) {
        return unavailable(e);
      } catch (KeyException e) {
        return new Failed("key_unavailable", "The key cannot sign: " + e.getMessage() + ".");
      }
      for (SignatureFormat format : job.formats()) {
        if (format == SignatureFormat.C2PA) {
          continue;
        }
        Optional<byte[]> made;
        try {
          made = make(signer, verifier, format, digest);
        } catch (KeyException.Unavailable e) {
          return unavailable(e);
        }
        if (made.isEmpty()) {
          return new Failed("verification_failed", "A fresh signature did not verify.");
        }
        signatures.add(
            new Signature(format, version.algorithm(), version.keyId(), Bytes.wrap(made.get())));
      }
    }
    return new Signed(signatures, file);
  }

  private static Failed unavailable(KeyException.Unavailable e) {
    return new Failed(
        "key_store_unavailable", "The keys cannot be reached: " + e.getMessage() + ".");
  }

  /** The signature, or nothing when it does not verify. */
  private static Optional<byte[]> make(
      Signer signer, Verifier verifier, SignatureFormat format, byte[] digest) {
    return switch (format) {
      case COSE -> {
        byte[] cose = Cose.sign1Detached(signer, digest);
        yield Cose.verify(verifier, digest, cose) ? Optional.of(cose) : Optional.empty();
      }
      case JWS -> {
        String jws = Jws.compact(signer, digest);
        yield Jws.verify(verifier, digest, jws)
            ? Optional.of(jws.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            : Optional.empty();
      }
      case C2PA, UNKNOWN ->
          throw new IllegalArgumentException("No request is admitted with format " + format);
    };
  }

  private SigningAttemptFailed failure(SignJob job, SigningStarted started, Failed failed) {
    boolean retryable = ErrorClasses.isRetryable(failed.errorClass());
    Optional<Instant> dueAt =
        retryable ? Optional.of(schedule.dueAt(outcomes.now(), job.attempt())) : Optional.empty();
    return new SigningAttemptFailed(
        outcomes.header(job.tenant(), job.correlationId(), started.eventId()),
        job.requestId(),
        job.attempt(),
        failed.errorClass(),
        failed.reason(),
        retryable,
        dueAt);
  }
}
