package com.credlink.ledger.worker;

import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.c2pa.C2paException;
import com.credlink.ledger.c2pa.ClaimSigner;
import com.credlink.ledger.c2pa.ClaimTerms;
import com.credlink.ledger.c2pa.ContentCredentials;
import com.credlink.ledger.c2pa.SignedImage;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.trust.Validity;
import com.credlink.ledger.vault.SealContext;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes the file with content credentials that a job asks for, and keeps it and its manifest in the
 * tenant's asset store. The same job gives the same file, whoever works on it and how often.
 */
final class SignedFiles {

  /** Part of what is signed: it changes only when what is claimed changes. */
  private static final ClaimTerms.Generator GENERATOR =
      new ClaimTerms.Generator("CredLink signing ledger", "1");

  /** Where a UUID says its version. */
  private static final int VERSION = 14;

  private final KeyRing keys;
  private final AssetStore assets;
  private final Vault vault;
  private final Optional<String> manifests;
  private final InstantSource clock;

  /**
   * A maker.
   *
   * @param manifests where public manifests are served, up to the digest; empty if signed files do
   *     not say so in their XMP
   */
  SignedFiles(
      KeyRing keys,
      AssetStore assets,
      Vault vault,
      Optional<String> manifests,
      InstantSource clock) {
    this.keys = keys;
    this.assets = assets;
    this.vault = vault;
    this.manifests = manifests;
    this.clock = clock;
  }

  /** What became of it. */
  sealed interface Result {
    /** Both are in the asset store, under these digests. */
    record Made(String signedSha256, String manifestSha256) implements Result {}

    /** It was not made. */
    record Failed(String errorClass, String reason) implements Result {}
  }

  /** Makes the file of a job. */
  Result make(SignJob job) {
    try {
      Optional<byte[]> image = assets.get(job.tenant(), job.digest());
      if (image.isEmpty()) {
        return new Result.Failed("asset_missing", "The image is not in the asset store any more.");
      }
      Optional<RingKey> key = key(job);
      if (key.isEmpty()) {
        return new Result.Failed(
            "key_unavailable", "None of the keys of the request signs content credentials.");
      }
      return refusal(key.get()).orElseGet(() -> make(job, image.get(), key.get()));
    } catch (AssetException e) {
      return new Result.Failed(
          "asset_store_unavailable", "The asset store cannot be used: " + e.getMessage() + ".");
    }
  }

  private Result make(SignJob job, byte[] image, RingKey key) {
    try {
      SignedImage signed =
          ContentCredentials.sign(
              image, terms(job), new ClaimSigner(keys.signer(key.keyId()), key.certificateChain()));
      String manifest = assets.put(job.tenant(), signed.store().toArray());
      return new Result.Made(assets.put(job.tenant(), signed.stream()).sha256(), manifest);
    } catch (C2paException e) {
      return e.reason() == C2paException.Reason.NOT_VERIFIED
          ? new Result.Failed("verification_failed", "A fresh signature did not verify.")
          : new Result.Failed("asset_refused", "The image is refused: " + e.getMessage() + ".");
    } catch (KeyException.Unavailable e) {
      return new Result.Failed(
          "key_store_unavailable", "The keys cannot be reached: " + e.getMessage() + ".");
    } catch (KeyException e) {
      return new Result.Failed("key_unavailable", "The key cannot sign: " + e.getMessage() + ".");
    }
  }

  /** The first key of the request that may sign claims. */
  private Optional<RingKey> key(SignJob job) {
    return job.keys().stream()
        .filter(
            version ->
                Algorithm.of(version.algorithm())
                    .filter(Algorithm::signsContentCredentials)
                    .isPresent())
        .findFirst()
        .flatMap(version -> keys.entry(version.keyId()));
  }

  private Optional<Result> refusal(RingKey key) {
    if (key.leaf().isEmpty()) {
      return Optional.of(
          new Result.Failed(
              "certificate_missing", "The key %s has no certificate.".formatted(key.keyId())));
    }
    Instant end = Validity.of(key.leaf().get()).until();
    return clock.instant().isAfter(end)
        ? Optional.of(
            new Result.Failed(
                "certificate_expired",
                "The certificate of the key %s ended at %s.".formatted(key.keyId(), end)))
        : Optional.empty();
  }

  private ClaimTerms terms(SignJob job) {
    return new ClaimTerms(
        "urn:c2pa:" + version4(job.manifestId()),
        "xmp:iid:" + version4(job.instanceId()),
        job.claimedAt(),
        title(job),
        manifests.filter(_ -> job.remoteManifest()).map(prefix -> prefix + job.digest()),
        GENERATOR);
  }

  /**
   * C2PA 2.2 section 8.1 asks for UUIDs of version 4. Ours follow from the request, which is
   * version 8; whoever reads them cannot tell the difference otherwise.
   */
  private static String version4(String uuid) {
    return uuid.substring(0, VERSION) + '4' + uuid.substring(VERSION + 1);
  }

  /** The title; none if it was erased meanwhile. */
  private Optional<String> title(SignJob job) {
    try {
      return job.title()
          .map(
              value ->
                  vault.open(
                      new SealContext(
                          job.requestedEventId(),
                          job.tenant(),
                          "content-credential",
                          "SigningRequested",
                          "title"),
                      value))
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    } catch (VaultException.KeyMissing erased) {
      return Optional.empty();
    }
  }
}
