package com.credlink.ledger.worker;

import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.ImageCheck;
import com.credlink.ledger.asset.ImageType;
import com.credlink.ledger.c2pa.C2paException;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.projections.signing.Backend;
import com.credlink.ledger.projections.signing.RetrySchedule;
import com.credlink.ledger.projections.signing.SigningTerms;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.worker.SignerWorker.JobHandler;
import com.credlink.ledger.worker.SignerWorker.OutcomeNotDurableException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Fetches an image that a webhook named into the tenant's asset store; a failure is a fact with a
 * due time of its own.
 */
public final class FetchJobs implements JobHandler {

  private final AssetSource source;
  private final AssetStore assets;
  private final TenantDirectory shops;
  private final KeyRing keys;
  private final Inspector inspector;
  private final SigningTerms terms;
  private final RetrySchedule schedule;
  private final Outcomes outcomes;

  FetchJobs(
      AssetSource source,
      AssetStore assets,
      TenantDirectory shops,
      KeyRing keys,
      Inspector inspector,
      SigningTerms terms,
      RetrySchedule schedule,
      Outcomes outcomes) {
    this.source = source;
    this.assets = assets;
    this.shops = shops;
    this.keys = keys;
    this.inspector = inspector;
    this.terms = terms;
    this.schedule = schedule;
    this.outcomes = outcomes;
  }

  @Override
  public Backend backend() {
    return Backend.ASSETS;
  }

  @Override
  public LedgerEvent work(Job job) throws OutcomeNotDurableException {
    FetchJob fetch = (FetchJob) job;
    return outcomes.append(
        shops
            .byTenant(fetch.tenant())
            .map(shop -> fetch(fetch, shop))
            .orElseGet(
                () ->
                    failure(
                        fetch,
                        AssetSource.Result.Failed.permanent(
                            "shop_unknown", "The shop is no longer known."))));
  }

  private LedgerEvent fetch(FetchJob job, Shop shop) {
    AssetSource.Result result;
    try {
      result = source.fetch(shop.domain(), new URI(job.origin().source()));
    } catch (URISyntaxException malformed) {
      result = AssetSource.Result.Failed.permanent("bad_source", "The source is not an address.");
    }
    return switch (result) {
      case AssetSource.Result.Fetched fetched -> store(job, shop, fetched.bytes());
      case AssetSource.Result.Failed failed -> failure(job, failed);
    };
  }

  private LedgerEvent store(FetchJob job, Shop shop, byte[] bytes) {
    return switch (ImageCheck.inspect(bytes)) {
      case ImageCheck.Accepted image ->
          isOurs(bytes)
              ? failure(
                  job,
                  AssetSource.Result.Failed.permanent(
                      "already_signed", "The image has valid content credentials of ours."))
              : store(job, shop, bytes, image.type());
      case ImageCheck.Refused refused ->
          failure(
              job,
              AssetSource.Result.Failed.permanent(
                  "damaged_asset", "The image is refused: " + refused.detail() + "."));
    };
  }

  /** Signed images that are written back to the shop must not be signed again and again. */
  private boolean isOurs(byte[] image) {
    try {
      return inspector.inspect(image).isTrusted();
    } catch (C2paException unreadable) {
      return false;
    }
  }

  private LedgerEvent store(FetchJob job, Shop shop, byte[] bytes, ImageType type) {
    String sha256;
    try {
      sha256 = assets.put(job.tenant(), bytes);
    } catch (AssetException e) {
      return failure(
          job,
          AssetSource.Result.Failed.passing(
              "asset_store_unavailable", "The image cannot be stored: " + e.getMessage() + "."));
    }
    return new AssetStored(
        outcomes.header(job.tenant(), job.correlationId(), job.origin().webhookEventId()),
        sha256,
        bytes.length,
        type.mediaType(),
        Optional.of(job.origin()),
        keys.active(),
        terms.approvals(shop.domain()),
        false,
        terms.pendingLimit());
  }

  private AssetFetchFailed failure(FetchJob job, AssetSource.Result.Failed failed) {
    Instant now = outcomes.now();
    Optional<Instant> dueAt =
        failed.retryable()
            ? Optional.of(later(schedule.dueAt(now, job.attempt()), now, failed.retryAfter()))
            : Optional.empty();
    return new AssetFetchFailed(
        outcomes.header(job.tenant(), job.correlationId(), job.origin().webhookEventId()),
        job.origin(),
        job.attempt(),
        failed.errorClass(),
        failed.reason(),
        failed.retryable(),
        dueAt);
  }

  /** The other side's wish counts when it is later than our own schedule. */
  private static Instant later(Instant scheduled, Instant now, Optional<Duration> retryAfter) {
    Instant asked = retryAfter.map(now::plus).orElse(scheduled);
    return asked.isAfter(scheduled) ? asked : scheduled;
  }
}
