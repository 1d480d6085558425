package com.credlink.ledger.api;

import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What is public: health, metrics, the topology, the keys that made signatures. */
public final class Operations {

  private final StreamsNode streams;
  private final String topology;
  private final PrometheusMeterRegistry metrics;
  private final KeyRing keys;

  /** Operations of one node. */
  public Operations(
      StreamsNode streams, String topology, PrometheusMeterRegistry metrics, KeyRing keys) {
    this.streams = streams;
    this.topology = topology;
    this.metrics = metrics;
    this.keys = keys;
  }

  /** The process works or can come to work; a rebalance is no reason to kill it. */
  public void live(Context ctx) {
    health(ctx, streams.isAlive());
  }

  /** Requests can be answered now. */
  public void ready(Context ctx) {
    health(ctx, streams.isRunning());
  }

  private void health(Context ctx, boolean well) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", well ? "UP" : "DOWN");
    body.put("projections", streams.state());
    ctx.status(well ? 200 : 503).contentType("application/json").result(body.toString());
  }

  /** Prometheus text. */
  public void metrics(Context ctx) {
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
  }

  /** The topology as Kafka Streams describes it. */
  public void topology(Context ctx) {
    ctx.contentType("text/plain; charset=utf-8").result(topology);
  }

  /** Every asset-signing public key, kept after rotation. */
  public void jwks(Context ctx) {
    ctx.contentType("application/jwk-set+json").result(Jwks.of(keys.all()).toString());
  }

  /** The same keys with purpose, state and validity, for those who decide what to trust. */
  public void trustKeys(Context ctx) {
    ctx.contentType("application/jwk-set+json").result(Jwks.withValidity(keys.all()).toString());
  }
}
