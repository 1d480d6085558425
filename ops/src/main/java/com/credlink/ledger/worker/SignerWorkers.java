package com.credlink.ledger.worker;

import com.credlink.ledger.api.intake.Assets;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.c2pa.StampCheck;
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
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.WireException;
import com.credlink.ledger.worker.SignerWorker.JobHandler;
import com.credlink.ledger.worker.SignerWorker.JobReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The workers of one process: each lane has its own, so that a library of images in the bulk lane
 * neither waits for ever nor stands before an image that somebody waits for.
 */
public final class SignerWorkers implements AutoCloseable {

  /** Half the lock that the share group gives a job. */
  private static final Duration FETCH_DEADLINE = Duration.ofSeconds(15);

  private final List<Runnable> parts = new ArrayList<>();

  private SignerWorkers() {}

  /**
   * Starts them.
   *
   * @param settings how many workers each lane has, and what policy asks for
   */
  public static SignerWorkers start(
      KafkaConnection connection,
      Config.Signing settings,
      Config.Assets sources,
      AssetStore assets,
      TenantDirectory shops,
      SigningKeys signingKeys,
      Vault vault,
      StoreCodecs codecs,
      Ledger ledger,
      InstantSource clock,
      SecureRandom random,
      Consumer<Throwable> died) {
    SignerWorkers workers = new SignerWorkers();
    AssetSource source = workers.source(sources);
    KeyRing keys = signingKeys.ring();
    // Nobody else's credentials are ours, whoever vouches for them.
    Inspector inspector = new Inspector(signingKeys.authority().roots(), StampCheck.NONE, clock);
    SignedFiles files = new SignedFiles(keys, assets, vault, settings.manifests(), clock);
    RetrySchedule schedule = new RetrySchedule(random);
    Breakers breakers = new Breakers(System::nanoTime);
    JobsInHand inHand = new JobsInHand();
    workers.parts.addFirst(inHand::close);
    settings
        .workers()
        .forEach(
            (lane, share) -> {
              for (int i = 1; i <= share; i++) {
                String name = "ledger-signer-" + lane.name().toLowerCase(Locale.ROOT) + "-" + i;
                Outcomes outcomes = new Outcomes(ledger, clock, Ids.uuidV7(clock, random), name);
                Map<Class<? extends Job>, JobHandler> handlers =
                    Map.of(
                        SignJob.class,
                        new SignJobs(keys, files, schedule, outcomes),
                        FetchJob.class,
                        new FetchJobs(
                            source,
                            assets,
                            shops,
                            keys,
                            inspector,
                            settings.terms(),
                            schedule,
                            outcomes));
                SignerWorker worker =
                    new SignerWorker(
                        connection, name, lane, reader(codecs), handlers, breakers, inHand, died);
                workers.parts.addFirst(worker::close);
              }
            });
    workers.parts.addFirst(breakers::close);
    return workers;
  }

  /** Looks after the keys of these workers from now on. */
  public static KeyRotation rotation(
      KafkaConnection connection,
      EventSerde serde,
      Config.Keys settings,
      SigningKeys keys,
      Path usesFile,
      Ledger ledger,
      InstantSource clock) {
    KeyUses uses = new KeyUses(connection, serde, usesFile);
    return new KeyRotation(
            keys,
            new KeyRotation.Limits(settings.maxAge(), settings.maxUses()),
            uses::counted,
            ledger::appendAndWait,
            clock)
        .start();
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
