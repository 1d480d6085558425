package com.credlink.ledger.node;

import com.credlink.ledger.api.access.TokenStore;
import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.broker.KafkaNodeException;
import com.credlink.ledger.config.Config;
import com.credlink.ledger.config.NodeRole;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.NodeStopped;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.timestamp.TimestampAuthority;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.vault.VaultException;
import com.credlink.ledger.wire.Registration;
import com.credlink.ledger.worker.Clerk;
import com.credlink.ledger.worker.SignerWorkers;
import com.credlink.ledger.worker.Stamper;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one process runs, in the order of its construction: broker and registry where
 * they are ours, then the log, the keys, the projections, the workers, and last the API. Closed in
 * reverse.
 */
public final class Node implements AutoCloseable {

  /** Where {@code ledger serve} leaves the first administrator's token. */
  public static final String ADMIN_TOKEN = "admin.token";

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Closing closing;
  private final Faults faults;
  private final LogAccess log;
  private final Javalin server;
  private final String host;

  private Node(NodeContext context, LogAccess log, Javalin server) {
    this.closing = context.closing();
    this.faults = context.faults();
    this.log = log;
    this.server = server;
    this.host = context.config().http().host();
  }

  /**
   * Starts what {@code config} asks for and returns when requests are answered.
   *
   * @param development the credentials and shops of {@code ledger up}; empty with {@code ledger
   *     serve}
   */
  public static Node start(Config config, Optional<DevCredentials> development)
      throws NodeStartException {
    NodeContext context = context(config, InstantSource.system(), new SecureRandom());
    try {
      return run(context, development);
    } catch (JavalinBindException e) {
      context.closing().close();
      throw new NodeStartException(
          "The HTTP port %d cannot be opened; stop the program that listens there or choose another with --port"
              .formatted(config.http().port()),
          e);
    } catch (KafkaNodeException
        | KeyException
        | VaultException
        | AssetException
        | AppendException e) {
      context.closing().close();
      throw new NodeStartException(e.getMessage(), e);
    } catch (NodeStartException | RuntimeException e) {
      context.closing().close();
      throw e;
    }
  }

  private static NodeContext context(Config config, InstantSource clock, SecureRandom random)
      throws NodeStartException {
    return new NodeContext(
        config,
        NodeId.of(config.dataDirectory(), random),
        clock,
        random,
        Ids.uuidV7(clock, random),
        new Closing(),
        new Faults(),
        new StartTimes());
  }

  private static Node run(NodeContext node, Optional<DevCredentials> development)
      throws NodeStartException {
    StartTimes times = node.times();
    NodeFiles files = NodeFiles.open(node);
    LogAccess log = LogAccess.open(node, files);
    Secrets secrets = Secrets.open(node, log, files);
    times.done("secrets");
    StoreCodecs codecs = new StoreCodecs(log.catalogue(), log.registry(), Registration.REGISTER);
    Optional<Projections> projections =
        node.has(NodeRole.TOPOLOGY)
            ? Optional.of(Projections.start(node, log, codecs))
            : Optional.empty();
    times.done("topology");
    startWorkers(node, log, secrets, codecs);
    times.done("workers");
    Javalin server =
        projections.isPresent()
            ? startApi(node, development, log, secrets, projections.get())
            : ApiServer.startOperations(node, log, secrets);
    times.done("api");
    announce(node, log.ledger());
    times.done("announced");
    times.log();
    return new Node(node, log, server);
  }

  private static Javalin startApi(
      NodeContext node,
      Optional<DevCredentials> development,
      LogAccess log,
      Secrets secrets,
      Projections projections)
      throws NodeStartException {
    TokenStore tokens = Admission.open(node, log, secrets, development);
    node.times().done("shops");
    projections.await();
    node.times().done("projections");
    return ApiServer.start(node, development, log, secrets, projections, tokens);
  }

  private static void startWorkers(
      NodeContext node, LogAccess log, Secrets secrets, StoreCodecs codecs)
      throws NodeStartException {
    if (node.has(NodeRole.CLERK)) {
      node.closing()
          .add(
              new Clerk(
                  log.connection(),
                  node.nodeId(),
                  log.ledger(),
                  log.serde(),
                  node.faults().of("the clerk")));
    }
    tellOfKeys(log.ledger(), secrets.assetKeys());
    if (node.has(NodeRole.SIGNER)) {
      node.closing()
          .add(
              SignerWorkers.rotation(
                  log.connection(),
                  log.serde(),
                  node.config().signing().keys(),
                  secrets.assetKeys(),
                  node.path("keys/uses.json"),
                  log.ledger(),
                  node.clock()));
      node.closing()
          .add(
              SignerWorkers.start(
                  log.connection(),
                  node.config().signing(),
                  node.config().assets(),
                  secrets.assets(),
                  secrets.shops(),
                  secrets.assetKeys(),
                  secrets.vault(),
                  codecs,
                  log.ledger(),
                  node.clock(),
                  node.random(),
                  node.faults().of("a signer")));
      Optional<TimestampAuthority> stamps =
          TimestampAuthorities.open(node, secrets.assetKeys().authority());
      if (stamps.isPresent()) {
        node.closing()
            .add(
                new Stamper(
                    log.connection(),
                    stamps.get(),
                    secrets.assets(),
                    codecs,
                    log.ledger(),
                    node.clock(),
                    node.faults().of("the stamper")));
      }
    }
  }

  /** What the log does not take now, the rotation of a signer or the next change tells it. */
  private static void tellOfKeys(Ledger ledger, SigningKeys keys) {
    try {
      keys.tell(ledger::appendAndWait);
    } catch (AppendException e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("The log was not told of the signing keys yet");
    }
  }

  private static void announce(NodeContext node, Ledger ledger) {
    String version =
        Optional.ofNullable(Node.class.getPackage().getImplementationVersion()).orElse("unknown");
    Config config = node.config();
    say(
        ledger,
        new NodeStarted(
            node.header(LedgerEvent.PLATFORM),
            node.nodeId(),
            version,
            config.roles().stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList(),
            config.durability().name().toLowerCase(Locale.ROOT)));
    node.closing()
        .add(() -> say(ledger, new NodeStopped(node.header(LedgerEvent.PLATFORM), node.nodeId())));
  }

  /** A node whose own partition has lost records still serves the others. */
  private static void say(Ledger ledger, LedgerEvent event) {
    try {
      ledger.appendAndWait(event);
    } catch (AppendException.LogFaulty lost) {
      LOG.atWarn()
          .addKeyValue("type", event.type())
          .addKeyValue("reason", lost.getMessage())
          .log("The node's own fact cannot be written");
    }
  }

  /** Where HTTP is answered. */
  public URI url() {
    return URI.create("http://" + shown(LogAccess.reachable(host)) + ":" + server.port());
  }

  private static String shown(String address) {
    return address.equals("127.0.0.1") ? "localhost" : address;
  }

  /** How this process reaches the log. */
  LogAccess log() {
    return log;
  }

  /** The HTTP server with its routes. */
  Javalin server() {
    return server;
  }

  /** {@code host:port} of the brokers. */
  public String kafka() {
    return log.connection().bootstrap();
  }

  /** Where the schema registry is. */
  public URI registry() {
    return log.registries().getFirst();
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
