package com.credlink.ledger.worker;

import com.credlink.ledger.api.intake.Assets;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.projections.signing.RetrySchedule;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.wire.WireException;
import com.credlink.ledger.worker.SignerWorker.JobHandler;
import com.credlink.ledger.worker.SignerWorker.JobReader;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The workers of one process: several, so that a slow image does not hold up signatures. */
public final class SignerWorkers implements AutoCloseable {

  private static final int WORKERS = 2;

  /** Half the lock that the share group gives a job. */
  private static final Duration FETCH_DEADLINE = Duration.ofSeconds(15);

  private final List<Runnable> parts = new ArrayList<>();

  private SignerWorkers() {}

  /** Starts them. */
  public static SignerWorkers start(
      KafkaConnection connection,
      Config.Assets sources,
      AssetStore assets,
      TenantDirectory shops,
      KeyRing keys,
      StoreCodecs codecs,
      Ledger ledger,
      InstantSource clock,
      SecureRandom random,
      Consumer<Throwable> died) {
    SignerWorkers workers = new SignerWorkers();
    AssetSource source = workers.source(sources);
    RetrySchedule schedule = new RetrySchedule(random);
    for (int i = 1; i <= WORKERS; i++) {
      String name = "ledger-signer-" + i;
      Outcomes outcomes = new Outcomes(ledger, clock, Ids.uuidV7(clock, random), name);
      Map<Class<? extends Job>, JobHandler> handlers =
          Map.of(
              SignJob.class,
              new SignJobs(keys, schedule, outcomes),
              FetchJob.class,
              new FetchJobs(source, assets, shops, keys, schedule, outcomes));
      SignerWorker worker = new SignerWorker(connection, name, reader(codecs), handlers, died);
      workers.parts.addFirst(worker::close);
    }
    return workers;
  }

  private AssetSource source(Config.Assets sources) {
    Optional<AssetSource> directory =
        sources.directory().map(path -> new DirectoryAssetSource(path, Assets.MAX_ASSET_BYTES));
    if (directory.isPresent() && !sources.fetched()) {
      return directory.get();
    }
    HttpAssetSource http =
        new HttpAssetSource(
            sources.allowHosts(), sources.allowPrivate(), Assets.MAX_ASSET_BYTES, FETCH_DEADLINE);
    parts.add(http::close);
    return directory.<AssetSource>map(first -> new FirstFoundAssetSource(first, http)).orElse(http);
  }

  /** A lane holds two record types; the schema id tells which. */
  private static JobReader reader(StoreCodecs codecs) {
    return value -> {
      try {
        return codecs.signJob().deserialize(value);
      } catch (WireException.OtherType notToSign) {
        return codecs.fetchJob().deserialize(value);
      }
    };
  }

  @Override
  public void close() {
    parts.forEach(Runnable::run);
  }
}
