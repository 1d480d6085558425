package com.credlink.ledger.node;

import com.credlink.ledger.api.HttpMetrics;
import com.credlink.ledger.api.LedgerApi;
import com.credlink.ledger.api.Operations;
import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Authenticator;
import com.credlink.ledger.api.access.DecisionFilter;
import com.credlink.ledger.api.access.Refusals;
import com.credlink.ledger.api.access.TokenStore;
import com.credlink.ledger.api.access.VoidedDecisions;
import com.credlink.ledger.api.admin.KeyManagement;
import com.credlink.ledger.api.admin.ShopInstallation;
import com.credlink.ledger.api.admin.TokenManagement;
import com.credlink.ledger.api.document.ApiDocument;
import com.credlink.ledger.api.intake.Assets;
import com.credlink.ledger.api.intake.AuthDecisions;
import com.credlink.ledger.api.intake.Interventions;
import com.credlink.ledger.api.intake.RequestFacts;
import com.credlink.ledger.api.intake.ShopifyWebhooks;
import com.credlink.ledger.api.intake.SigningBatch;
import com.credlink.ledger.api.intake.SigningRequests;
import com.credlink.ledger.api.intake.WebhookSecrets;
import com.credlink.ledger.api.read.EventView;
import com.credlink.ledger.api.read.Positions;
import com.credlink.ledger.api.read.SigningStatus;
import com.credlink.ledger.api.read.Trail;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.c2pa.StampCheck;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.sign.Receipts;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.topology.query.StoreIntakeView;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.wire.EventJson;
import io.javalin.Javalin;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API over the parts of a node. */
final class ApiServer {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final Duration TICK = Duration.ofSeconds(5);

  private ApiServer() {}

  /** Starts it; it is closed with the node. */
  static Javalin start(
      NodeContext node,
      Optional<DevCredentials> development,
      LogAccess log,
      Secrets secrets,
      Projections projections,
      TokenStore tokens)
      throws NodeStartException {
    int partitions = log.topics().partitions();
    Appender appender =
        new Appender(
            log.ledger(),
            new Receipts(
                node.config().ledgerName(),
                secrets.receiptKeys().acceptance(),
                log.serde()::fingerprint));
    VoidedDecisions voided = new VoidedDecisions(log.ledger(), node.clock());
    Refusals refusals =
        new Refusals(
            event -> appendQuietly(log.ledger(), event),
            prefix -> secrets.vault().lookupHash("source-prefix", prefix),
            node.clock(),
            node.ids());
    Positions positions = new Positions(projections.applied(), partitions);
    SigningView signing = new SigningView(projections.stores(), projections.codecs(), partitions);
    ShopifyWebhooks webhooks =
        new ShopifyWebhooks(
            new WebhookSecrets(clientSecrets(node, development)),
            secrets.shops(),
            new StoreIntakeView(projections.stores(), projections.codecs(), partitions),
            secrets.vault(),
            appender,
            refusals,
            node.clock(),
            node.ids());
    Assets assets =
        new Assets(
            secrets.assets(),
            new Inspector(secrets.assetKeys().authority().roots(), StampCheck.NONE, node.clock()),
            appender);
    RequestFacts facts =
        new RequestFacts(
            assets,
            secrets.vault(),
            secrets.signingKeys(),
            node.config().signing().terms(),
            node.ids());
    SigningRequests requests =
        new SigningRequests(assets, facts, appender, signing, positions, node.clock(), node.ids());
    TrailView trailView =
        new TrailView(projections.stores(), log.serde(), projections.codecs(), partitions);
    AuthDecisions authDecisions =
        new AuthDecisions(
            appender,
            voided,
            trailView,
            log.serde(),
            positions,
            secrets.shops(),
            secrets.vault(),
            node.clock(),
            node.ids());
    Trail trail =
        new Trail(
            trailView,
            new EventView(log.serde(), new EventJson(), secrets.shops()),
            positions,
            projections.applied(),
            partitions);
    PrometheusMeterRegistry metrics = metrics(node, projections);
    Transparency.Served transparency = Transparency.start(node, log, secrets, projections, metrics);
    LedgerApi api =
        new LedgerApi(
            webhooks,
            requests,
            new SigningBatch(facts, appender, signing, positions, node.clock()),
            new Interventions(appender, signing, node.clock(), node.ids()),
            authDecisions,
            new ShopInstallation(
                secrets.shops(), secrets.vault(), appender, node.clock(), node.ids()),
            new TokenManagement(tokens, secrets.shops(), appender, node.clock(), node.ids()),
            new KeyManagement(secrets.assetKeys(), appender),
            new SigningStatus(signing, secrets.assets(), projections.changes(), positions),
            trail,
            transparency.logs(),
            transparency.projections(),
            new DecisionFilter(
                Authenticator.bearer(tokens), appender, voided, refusals, node.clock(), node.ids()),
            secrets.shops(),
            new Operations(
                Optional.of(projections.streams()),
                projections.description(),
                metrics,
                secrets.signingKeys(),
                TimestampAuthorities.andTheirs(node, secrets.assetKeys().authority().roots()),
                secrets.receiptKeys(),
                log.faults()),
            new ApiDocument(),
            new HttpMetrics(metrics),
            node.ids());
    every(node, TICK, refusals::tick);
    every(node, TICK, voided::tick);
    node.closing().add(refusals::flush);
    return listen(node, api::server);
  }

  /** Starts the server of a process that only works: health, metrics and keys. */
  static Javalin startOperations(NodeContext node, LogAccess log, Secrets secrets) {
    Operations operations =
        new Operations(
            Optional.empty(),
            "",
            metrics(node),
            secrets.signingKeys(),
            secrets.assetKeys().authority().roots(),
            secrets.receiptKeys(),
            log.faults());
    return listen(node, operations::server);
  }

  private static Javalin listen(NodeContext node, BiFunction<String, Integer, Javalin> server) {
    Config.Http http = node.config().http();
    Javalin started = server.apply(http.host(), http.port()).start();
    node.closing().add(started::stop);
    return started;
  }

  private static PrometheusMeterRegistry metrics(NodeContext node, Projections projections) {
    PrometheusMeterRegistry metrics = metrics(node);
    KafkaStreamsMetrics streams =
        node.closing().add(new KafkaStreamsMetrics(projections.streams().streams()));
    // Hundreds of meters: they need not be there at the first answer.
    var _ =
        Thread.ofPlatform()
            .name("streams-metrics")
            .daemon()
            .start(
                () -> {
                  try {
                    streams.bindTo(metrics);
                  } catch (RejectedExecutionException closed) {
                    LOG.debug("Closed before the meters of the projections were there");
                  }
                });
    return metrics;
  }

  private static PrometheusMeterRegistry metrics(NodeContext node) {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    node.closing().add(metrics::close);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    return metrics;
  }

  private static List<WebhookSecrets.Secret> clientSecrets(
      NodeContext node, Optional<DevCredentials> development) {
    List<WebhookSecrets.Secret> secrets = new ArrayList<>();
    for (DevCredentials.ClientSecret secret :
        development.map(DevCredentials::clientSecrets).orElse(List.of())) {
      secrets.add(
          WebhookSecrets.Secret.of(
              secret.id(), secret.secret().reveal(), Optional.empty(), Optional.empty()));
    }
    for (Config.ClientSecret secret : node.config().shopify().clientSecrets()) {
      secrets.add(
          WebhookSecrets.Secret.of(
              secret.id(), secret.secret().reveal(), secret.notBefore(), secret.notAfter()));
    }
    return secrets;
  }

  private static void every(NodeContext node, Duration period, Runnable task) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tick").daemon().factory());
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("A periodic task failed");
              }
            },
            period.toMillis(),
            period.toMillis(),
            TimeUnit.MILLISECONDS);
    node.closing().add(timer::shutdownNow);
  }

  private static void appendQuietly(Ledger ledger, LedgerEvent event) {
    var _ =
        ledger
            .append(event)
            .exceptionally(
                failure -> {
                  LOG.atWarn().addKeyValue("type", event.type()).log("A count was not written");
                  return null;
                });
  }
}
