package com.credlink.ledger.api;

import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.api.read.Answers;
import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.PublicKeyInfo;
import com.credlink.ledger.keys.ReceiptKeys;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.trust.Pem;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is public: health, metrics, the topology, the keys that made signatures. */
public final class Operations {

  private final Optional<StreamsNode> streams;
  private final String topology;
  private final PrometheusMeterRegistry metrics;
  private final KeyRing keys;
  private final List<X509Certificate> roots;
  private final ReceiptKeys receiptKeys;
  private final IntegrityFaults faults;

  /**
   * Operations of one process.
   *
   * @param streams its projections; empty for one that only works
   * @param topology their description
   * @param roots what verifiers of content credentials should trust
   * @param faults what is wrong with the log
   */
  public Operations(
      Optional<StreamsNode> streams,
      String topology,
      PrometheusMeterRegistry metrics,
      KeyRing keys,
      List<X509Certificate> roots,
      ReceiptKeys receiptKeys,
      IntegrityFaults faults) {
    this.streams = streams;
    this.topology = topology;
    this.metrics = metrics;
    this.keys = keys;
    this.roots = List.copyOf(roots);
    this.receiptKeys = receiptKeys;
    this.faults = faults;
  }

  /** An HTTP server with nothing but these, for a process without the API. */
  public Javalin server(String host, int port) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.jetty.host = host;
          config.jetty.port = port;
          config.http.prefer405over404 = true;
          config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
          addTo(config.routes);
          Problems.install(config.routes);
        });
  }

  void addTo(RoutesConfig routes) {
    routes.get("/.well-known/jwks.json", this::jwks);
    routes.get("/v1/trust/keys.json", this::trustKeys);
    routes.get("/v1/trust/root.pem", this::root);
    routes.get("/healthz/live", this::live);
    routes.get("/healthz/ready", this::ready);
    routes.get("/metrics", this::metrics);
    routes.get("/topology", this::topology);
  }

  /** The process works or can come to work; a rebalance is no reason to kill it. */
  void live(Context ctx) {
    health(ctx, streams.map(StreamsNode::isAlive).orElse(true));
  }

  /** Requests can be answered now, and all logs are what they were. */
  void ready(Context ctx) {
    boolean runs = streams.map(StreamsNode::isRunning).orElse(true);
    health(ctx, runs && faults.all().isEmpty());
  }

  private void health(Context ctx, boolean well) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!faults.all().isEmpty()) {
      ArrayNode found = body.putArray("faults");
      faults.all().values().forEach(fault -> found.add(json(fault)));
    }
    body.put("status", well ? "UP" : "DOWN");
    streams.ifPresent(node -> body.put("projections", node.state()));
    ctx.status(well ? 200 : 503).contentType("application/json").result(body.toString());
  }

  private static ObjectNode json(IntegrityFault fault) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("partition", fault.position().partition())
        .put("offset", fault.position().offset())
        .put("reason", fault.getMessage());
  }

  /** Prometheus text. */
  void metrics(Context ctx) {
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
  }

  /** The topology as Kafka Streams describes it. */
  void topology(Context ctx) {
    ctx.contentType("text/plain; charset=utf-8").result(topology);
  }

  /** Every asset-signing public key, kept after rotation. */
  void jwks(Context ctx) {
    answer(ctx, Jwks.of(keys.all()).toString());
  }

  /**
   * These keys and those of receipts with purpose, state and validity, for those who decide what to
   * trust.
   */
  void trustKeys(Context ctx) {
    Map<KeyPurpose, List<PublicKeyInfo>> all = receiptKeys.all();
    all.put(KeyPurpose.ASSET_SIGNING, keys.all());
    answer(ctx, Jwks.withValidity(all).toString());
  }

  /** The certificates that a verifier of content credentials should trust (RFC 8555's type). */
  void root(Context ctx) {
    answer(ctx, "application/pem-certificate-chain", Pem.of(roots));
  }

  private static void answer(Context ctx, String jwks) {
    answer(ctx, "application/jwk-set+json", jwks);
  }

  private static void answer(Context ctx, String type, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Answers.bytes(ctx, type, body, Answers.tag(body));
  }
}
