package com.credlink.ledger.node;

import com.credlink.ledger.api.HttpMetrics;
import com.credlink.ledger.api.LedgerApi;
import com.credlink.ledger.api.Operations;
import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Authenticator;
import com.credlink.ledger.api.access.DecisionFilter;
import com.credlink.ledger.api.access.Refusals;
import com.credlink.ledger.api.access.Role;
import com.credlink.ledger.api.access.TokenStore;
import com.credlink.ledger.api.access.VoidedDecisions;
import com.credlink.ledger.api.admin.ShopInstallation;
import com.credlink.ledger.api.admin.TokenManagement;
import com.credlink.ledger.api.document.ApiDocument;
import com.credlink.ledger.api.intake.Assets;
import com.credlink.ledger.api.intake.AuthDecisions;
import com.credlink.ledger.api.intake.ShopifyWebhooks;
import com.credlink.ledger.api.intake.SigningRequests;
import com.credlink.ledger.api.intake.WebhookSecrets;
import com.credlink.ledger.api.read.EventView;
import com.credlink.ledger.api.read.Positions;
import com.credlink.ledger.api.read.SigningStatus;
import com.credlink.ledger.api.read.Trail;
import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.DirectoryAssetStore;
import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.broker.KafkaNodeException;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.NodeRole;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.NodeStopped;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.LedgerTopology;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.topology.query.StoreIntakeView;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.vault.DataKeys;
import com.credlink.ledger.vault.EpochKeys;
import com.credlink.ledger.vault.KafkaWrappedKeyStore;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.vault.VaultException;
import com.credlink.ledger.wire.EventJson;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.worker.Clerk;
import com.credlink.ledger.worker.SignerWorkers;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one process runs, in the order of its construction: broker and registry where
 * they are ours, then the log, the keys, the projections, the workers, and last the API. Closed in
 * reverse.
 */
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

  /** Where {@code ledger serve} leaves the first administrator's token. */
  public static final String ADMIN_TOKEN = "admin.token";

  private static final Duration TICK = Duration.ofSeconds(5);

  private final Config config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Ids ids;
  private final Closing closing = new Closing();
  private final Faults faults = new Faults();
  private final String nodeId;
  private URI url = URI.create("http://localhost");
  private String kafka = "";
  private URI registry = URI.create("http://localhost");
  private Optional<Javalin> server = Optional.empty();

  private Node(Config config, InstantSource clock, SecureRandom random) throws NodeStartException {
    this.config = config;
    this.nodeId = NodeId.of(config.dataDirectory(), random);
    this.clock = clock;
    this.random = random;
    this.ids = Ids.uuidV7(clock, random);
  }

  /**
   * Starts what {@code config} asks for and returns when requests are answered.
   *
   * @param development the credentials and shops of {@code ledger up}; empty with {@code ledger
   *     serve}
   */
  public static Node start(Config config, Optional<DevCredentials> development)
      throws NodeStartException {
    Node node = new Node(config, InstantSource.system(), new SecureRandom());
    try {
      node.run(development);
      return node;
    } catch (JavalinBindException e) {
      node.closing.close();
      throw new NodeStartException(
          "The HTTP port %d cannot be opened; stop the program that listens there or choose another with --port"
              .formatted(config.http().port()),
          e);
    } catch (KafkaNodeException
        | KeyException
        | VaultException
        | AssetException
        | AppendException e) {
      node.closing.close();
      throw new NodeStartException(e.getMessage(), e);
    } catch (NodeStartException | RuntimeException e) {
      node.closing.close();
      throw e;
    }
  }

  /** The log and what is needed to read and write it. */
  private record LogAccess(
      KafkaConnection connection,
      Topics topics,
      EventCatalogue catalogue,
      SchemaRegistry registry,
      EventSerde serde,
      Ledger ledger) {}

  /** What must stay secret, and what it protects. */
  private record Secrets(
      KeyRing signingKeys, AssetStore assets, Vault vault, TenantDirectory shops) {}

  /** The running projections and how to ask them. */
  private record Projections(
      StreamsNode streams,
      String description,
      StoreQueries stores,
      StoreCodecs codecs,
      AppliedOffsets applied,
      StateChanges changes) {}

  private void run(Optional<DevCredentials> development) throws NodeStartException {
    StartTimes times = new StartTimes();
    Files files = openFiles();
    LogAccess log = openLog(files, times);
    Secrets secrets = openSecrets(log, files);
    times.done("secrets");
    Projections projections = startProjections(log);
    times.done("topology");
    startWorkers(log, secrets, projections);
    times.done("workers");
    for (Shop shop : installShops(development, secrets.shops())) {
      log.ledger()
          .appendAndWait(ShopInstallation.event(header(shop.tenant()), shop, secrets.vault()));
    }
    TokenStore tokens = new TokenStore(directory("tokens.json"), clock, random);
    development.ifPresent(credentials -> importTokens(credentials, tokens, secrets.shops()));
    if (tokens.isEmpty()) {
      admitFirstAdministrator(tokens, log.ledger());
    }
    times.done("shops");
    awaitProjections(projections);
    times.done("projections");
    startApi(development, log, secrets, projections, tokens);
    times.done("api");
    announce(log.ledger());
    times.done("announced");
    times.log();
  }

  // ---- files

  /**
   * What is read from files and needs no broker: read while the broker starts, for a second of
   * processor time each.
   */
  private record Files(
      Future<EventCatalogue> catalogue, Future<KeyRing> signingKeys, Future<EpochKeys> epochs) {}

  private Files openFiles() {
    ExecutorService readers = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
    Files files =
        new Files(
            readers.submit(EventCatalogue::load),
            readers.submit(
                () ->
                    KeyRing.open(
                        directory("keys/signing.p12"),
                        password("keys/signing.password"),
                        random,
                        clock)),
            readers.submit(
                () ->
                    EpochKeys.open(
                        directory("vault/vault.p12"), password("vault/vault.password"), random)));
    readers.shutdown();
    return files;
  }

  private static <T> T opened(Future<T> file) throws NodeStartException {
    try {
      return file.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new NodeStartException("A file could not be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }

  // ---- the log

  /** Where the log and its schemas are. */
  private record Cluster(KafkaConnection connection, Topics topics, List<URI> registries) {}

  private LogAccess openLog(Files files, StartTimes times) throws NodeStartException {
    Cluster cluster =
        switch (config.profile()) {
          case EMBEDDED -> embedded(times);
          case CLUSTER -> external();
        };
    kafka = cluster.connection().bootstrap();
    registry = cluster.registries().getFirst();
    HttpSchemaRegistry schemas =
        closing.add(HttpSchemaRegistry.builder(cluster.registries(), random).build());
    EventCatalogue catalogue = opened(files.catalogue());
    times.done("catalogue");
    EventSerde serde = new EventSerde(catalogue, schemas, Registration.REGISTER, Topics.EVENTS);
    Ledger ledger =
        closing.add(
            new Ledger(
                LedgerConfig.of(cluster.connection(), cluster.topics())
                    .withDeadline(config.appendDeadline()),
                serde::serialize));
    times.done("log");
    return new LogAccess(cluster.connection(), cluster.topics(), catalogue, schemas, serde, ledger);
  }

  private Cluster embedded(StartTimes times) {
    KafkaNode broker =
        closing.add(
            KafkaNode.start(
                KafkaNode.Settings.in(directory("kafka"))
                    .onPort(config.kafka().port())
                    .surviving(config.durability())));
    faults.watch("the broker", broker.fault());
    times.done("broker");
    KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
    times.done("topics");
    RegistryServer server =
        closing.add(
            RegistryServer.start(
                RegistryServer.Settings.of(
                    broker.bootstrap(), broker.topics(), config.registry().port())));
    times.done("registry");
    return new Cluster(connection, broker.topics(), List.of(server.url()));
  }

  private Cluster external() {
    return new Cluster(
        new KafkaConnection(
            String.join(",", config.kafka().bootstrap()), config.kafka().properties()),
        Topics.cluster(config.partitions(), Topics.CLUSTER_REPLICATION, config.durability()),
        config.registry().urls());
  }

  // ---- secrets

  private Secrets openSecrets(LogAccess log, Files files) throws NodeStartException {
    EpochKeys epochs = opened(files.epochs());
    KafkaWrappedKeyStore store = closing.add(KafkaWrappedKeyStore.open(log.connection()));
    faults.watch("the reader of the wrapped keys", store.fault());
    AesGcm cipher = new AesGcm();
    DataKeys dataKeys = closing.add(DataKeys.open(epochs, store, cipher, random, clock));
    AssetStore assets =
        new DirectoryAssetStore(directory("assets"), dataKeys, cipher, random, clock);
    Vault vault = closing.add(new Vault(dataKeys, assets, cipher, random));
    TenantDirectory shops = TenantDirectory.open(epochs, store, cipher, random, clock);
    return new Secrets(opened(files.signingKeys()), assets, vault, shops);
  }

  private Path directory(String name) {
    return config.dataDirectory().resolve(name);
  }

  private Password password(String name) {
    return new Password.FromFile(directory(name));
  }

  // ---- projections and workers

  private Projections startProjections(LogAccess log) throws NodeStartException {
    AppliedOffsets applied = new AppliedOffsets();
    StateChanges changes = new StateChanges();
    StoreCodecs codecs = new StoreCodecs(log.catalogue(), log.registry(), Registration.REGISTER);
    Topology topology =
        LedgerTopology.build(
            log.serde(),
            codecs,
            LogSource.of(log.connection(), log.serde()),
            new SigningSettings(config.signing().lease(), config.signing().pendingLimit()),
            applied,
            changes);
    SourceOffsets.ensure(
        log.connection(), LedgerTopology.APPLICATION_ID, log.topics().partitions());
    StreamsNode streams =
        closing.add(StreamsNode.start(topology, streamsSettings(log.connection())));
    faults.watch("the projections", streams.fault());
    return new Projections(
        streams,
        topology.describe().toString(),
        new StoreQueries(streams.streams()),
        codecs,
        applied,
        changes);
  }

  private StreamsNode.Settings streamsSettings(KafkaConnection connection) {
    boolean embedded = config.profile() == Config.Profile.EMBEDDED;
    return new StreamsNode.Settings(
        LedgerTopology.APPLICATION_ID,
        connection,
        directory("state"),
        nodeId,
        embedded ? 1 : 2,
        embedded ? 1 : Topics.CLUSTER_REPLICATION,
        embedded,
        config.http().host() + ":" + Math.max(1, config.http().port()));
  }

  private void awaitProjections(Projections projections) throws NodeStartException {
    try {
      if (!projections.streams().awaitRunning(START_TIMEOUT)) {
        throw new NodeStartException(
            "The projections did not come to run (" + projections.streams().state() + ")");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }

  private void startWorkers(LogAccess log, Secrets secrets, Projections projections) {
    if (config.roles().contains(NodeRole.CLERK)) {
      closing.add(
          new Clerk(log.connection(), nodeId, log.ledger(), log.serde(), faults.of("the clerk")));
    }
    if (config.roles().contains(NodeRole.SIGNER)) {
      closing.add(
          SignerWorkers.start(
              log.connection(),
              config.assets(),
              secrets.assets(),
              secrets.shops(),
              secrets.signingKeys(),
              projections.codecs(),
              log.ledger(),
              clock,
              random,
              faults.of("a signer")));
    }
  }

  // ---- shops and tokens

  private static List<Shop> installShops(
      Optional<DevCredentials> development, TenantDirectory shops) {
    List<Shop> installed = new ArrayList<>();
    for (DevCredentials.Shop shop : development.map(DevCredentials::shops).orElse(List.of())) {
      if (shops.byDomain(shop.domain()).isEmpty()) {
        installed.add(shops.install(shop.domain(), Long.parseLong(shop.shopId())));
      }
    }
    return installed;
  }

  private static void importTokens(
      DevCredentials credentials, TokenStore tokens, TenantDirectory shops) {
    for (DevCredentials.Token token : credentials.tokens()) {
      Optional<String> tenant =
          token.shop().flatMap(domain -> shops.byDomain(domain).map(Shop::tenant));
      tokens.add(
          token.token().reveal(), Role.of(token.role()).orElseThrow(), tenant, Optional.empty());
    }
  }

  /**
   * Somebody has to make the first token: it lies in a file that only the node's owner can read.
   */
  private void admitFirstAdministrator(TokenStore tokens, Ledger ledger) throws NodeStartException {
    TokenStore.Created first = tokens.draw();
    Path file = directory(ADMIN_TOKEN);
    try {
      PrivateFiles.replace(file, (first.token() + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new NodeStartException("'" + file + "' cannot be written", e);
    }
    ledger.appendAndWait(
        new TokenCreated(
            header(LedgerEvent.PLATFORM),
            first.id(),
            Role.ADMIN.label(),
            Optional.empty(),
            Optional.empty()));
    tokens.keep(first, Role.ADMIN, Optional.empty(), Optional.empty());
    LOG.atInfo().addKeyValue("file", file).log("The first administrator's token was made");
  }

  // ---- the API

  private void startApi(
      Optional<DevCredentials> development,
      LogAccess log,
      Secrets secrets,
      Projections projections,
      TokenStore tokens) {
    int partitions = log.topics().partitions();
    Appender appender = new Appender(log.ledger());
    VoidedDecisions voided = new VoidedDecisions(log.ledger(), clock);
    Refusals refusals =
        new Refusals(
            event -> appendQuietly(log.ledger(), event),
            prefix -> secrets.vault().lookupHash("source-prefix", prefix),
            clock,
            ids);
    Positions positions = new Positions(projections.applied(), partitions);
    SigningView signing =
        new SigningView(
            projections.stores(),
            projections.codecs(),
            partitions,
            config.signing().pendingLimit());
    ShopifyWebhooks webhooks =
        new ShopifyWebhooks(
            new WebhookSecrets(clientSecrets(development)),
            secrets.shops(),
            new StoreIntakeView(projections.stores(), projections.codecs(), partitions),
            secrets.vault(),
            appender,
            refusals,
            clock,
            ids);
    SigningRequests requests =
        new SigningRequests(
            new Assets(secrets.assets(), appender),
            secrets.vault(),
            secrets.signingKeys(),
            appender,
            signing,
            positions,
            clock,
            ids);
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
            clock,
            ids);
    Trail trail =
        new Trail(
            trailView,
            new EventView(log.serde(), new EventJson(), secrets.shops()),
            positions,
            projections.applied(),
            partitions);
    PrometheusMeterRegistry metrics = metrics(projections);
    LedgerApi api =
        new LedgerApi(
            webhooks,
            requests,
            authDecisions,
            new ShopInstallation(secrets.shops(), secrets.vault(), appender, clock, ids),
            new TokenManagement(tokens, secrets.shops(), appender, clock, ids),
            new SigningStatus(signing, projections.changes(), positions),
            trail,
            new DecisionFilter(
                Authenticator.bearer(tokens), appender, voided, refusals, clock, ids),
            secrets.shops(),
            new Operations(
                projections.streams(), projections.description(), metrics, secrets.signingKeys()),
            new ApiDocument(),
            new HttpMetrics(metrics),
            ids);
    every(TICK, refusals::tick);
    every(TICK, voided::tick);
    closing.add(refusals::flush);
    Javalin started = api.server(config.http().host(), config.http().port()).start();
    closing.add(started::stop);
    url = URI.create("http://" + shownHost(config.http().host()) + ":" + started.port());
    server = Optional.of(started);
  }

  private static String shownHost(String host) {
    return host.equals("0.0.0.0") || host.equals("127.0.0.1") ? "localhost" : host;
  }

  private PrometheusMeterRegistry metrics(Projections projections) {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    closing.add(metrics::close);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    KafkaStreamsMetrics streams =
        closing.add(new KafkaStreamsMetrics(projections.streams().streams()));
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

  private List<WebhookSecrets.Secret> clientSecrets(Optional<DevCredentials> development) {
    List<WebhookSecrets.Secret> secrets = new ArrayList<>();
    for (DevCredentials.ClientSecret secret :
        development.map(DevCredentials::clientSecrets).orElse(List.of())) {
      secrets.add(
          WebhookSecrets.Secret.of(
              secret.id(), secret.secret().reveal(), Optional.empty(), Optional.empty()));
    }
    for (Config.ClientSecret secret : config.shopify().clientSecrets()) {
      secrets.add(
          WebhookSecrets.Secret.of(
              secret.id(), secret.secret().reveal(), secret.notBefore(), secret.notAfter()));
    }
    return secrets;
  }

  private void every(Duration period, Runnable task) {
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
    closing.add(timer::shutdownNow);
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

  // ---- start and stop

  private void announce(Ledger ledger) {
    String version =
        Optional.ofNullable(Node.class.getPackage().getImplementationVersion()).orElse("unknown");
    ledger.appendAndWait(
        new NodeStarted(
            header(LedgerEvent.PLATFORM),
            nodeId,
            version,
            config.roles().stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList(),
            config.durability().name().toLowerCase(Locale.ROOT)));
    closing.add(() -> ledger.appendAndWait(new NodeStopped(header(LedgerEvent.PLATFORM), nodeId)));
  }

  private EventHeader header(String tenant) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String id = ids.next();
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "node"),
        "node",
        id,
        Optional.empty(),
        Optional.empty());
  }

  /** Where HTTP is answered. */
  public URI url() {
    return url;
  }

  /** The HTTP server with its routes. */
  Javalin server() {
    return server.orElseThrow();
  }

  /** {@code host:port} of the brokers. */
  public String kafka() {
    return kafka;
  }

  /** Where the schema registry is. */
  public URI registry() {
    return registry;
  }

  /**
   * Completes with a sentence when a part of the node can no longer work; the owner closes the node
   * then.
   */
  public CompletableFuture<String> fault() {
    return faults.first();
  }

  @Override
  public void close() {
    closing.close();
  }
}
