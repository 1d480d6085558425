package com.credlink.ledger.node;

import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSignature;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.tlog.witness.AddCheckpoint;
import com.credlink.ledger.tlog.witness.CosignedHeads;
import com.credlink.ledger.tlog.witness.Verdict;
import com.credlink.ledger.tlog.witness.Witness;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A witness over HTTP (c2sp.org/tlog-witness): both of its prefixes are the root. */
public final class WitnessServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String SIZE = "text/x.tlog.size";

  private final Witness witness;
  private final Map<String, String> originsByName;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Javalin server;

  private WitnessServer(Witness witness, String host, int port) {
    this.witness = witness;
    this.originsByName =
        witness.origins().stream()
            .collect(Collectors.toUnmodifiableMap(CosignedHeads::name, Function.identity()));
    witness.origins().forEach(this::gauge);
    this.server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = host;
              config.jetty.port = port;
              config.http.prefer405over404 = true;
              config.routes.post("/add-checkpoint", this::addCheckpoint);
              config.routes.get("/{name}/checkpoint", this::checkpoint);
              config.routes.get("/healthz/live", ctx -> say(ctx, 200, "UP"));
              config.routes.get("/healthz/ready", ctx -> say(ctx, 200, "UP"));
              config.routes.get("/metrics", this::metrics);
            });
  }

  /**
   * Starts to answer.
   *
   * @param port 0 picks a free one
   * @throws NodeStartException when the port cannot be opened
   */
  public static WitnessServer start(Witness witness, String host, int port)
      throws NodeStartException {
    WitnessServer server = new WitnessServer(witness, host, port);
    try {
      server.server.start();
      return server;
    } catch (JavalinBindException e) {
      throw new NodeStartException(
          "The HTTP port %d cannot be opened; stop the program that listens there or choose another with --port"
              .formatted(port),
          e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  private void addCheckpoint(Context ctx) throws IOException {
    Optional<byte[]> body = body(ctx);
    if (body.isEmpty()) {
      count(413);
      say(ctx, 413, "The body has more than %d bytes.".formatted(AddCheckpoint.MAX_BYTES));
      return;
    }
    Verdict verdict;
    try {
      verdict = witness.decide(body.get());
    } catch (IOException e) {
      LOG.atError().setCause(e).log("A cosignature was not given: it could not be kept");
      count(503);
      say(ctx, 503, "The checkpoint could not be kept, so it is not cosigned.");
      return;
    }
    count(verdict.status());
    answer(ctx, verdict);
  }

  private static void answer(Context ctx, Verdict verdict) {
    switch (verdict) {
      case Verdict.Cosigned(var lines) ->
          ctx.status(200)
              .contentType(TEXT)
              .result(
                  lines.stream()
                      .map(NoteSignature::line)
                      .map(line -> line + "\n")
                      .collect(Collectors.joining()));
      case Verdict.AnotherSize(long size) -> ctx.status(409).contentType(SIZE).result(size + "\n");
      case Verdict.Malformed(String why) -> say(ctx, verdict.status(), why);
      case Verdict.Untrusted(String why) -> say(ctx, verdict.status(), why);
      case Verdict.UnknownOrigin(String origin) ->
          say(ctx, verdict.status(), "'%s' is not watched here".formatted(origin));
      case Verdict.Inconsistent(String why) -> {
        LOG.atWarn().log("A log showed a tree that does not continue what was cosigned: {}", why);
        say(ctx, verdict.status(), why);
      }
    }
  }

  private void checkpoint(Context ctx) {
    Optional<SignedNote> newest =
        Optional.ofNullable(originsByName.get(ctx.pathParam("name"))).flatMap(witness::newest);
    if (newest.isPresent()) {
      ctx.contentType(TEXT).result(newest.get().toByteArray());
    } else {
      say(ctx, 404, "Nothing was cosigned for a log of that name.");
    }
  }

  private void metrics(Context ctx) {
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
  }

  private void count(int status) {
    metrics.counter("witness_requests", "status", Integer.toString(status)).increment();
  }

  private void gauge(String origin) {
    Gauge.builder("witness_cosigned_size", () -> size(origin))
        .tag("origin", origin)
        .description("Leaves of the newest tree that was cosigned")
        .register(metrics);
  }

  private long size(String origin) {
    return witness.newest(origin).map(note -> Checkpoint.parse(note.text()).size()).orElse(0L);
  }

  /** The body, unless it is too long. */
  private static Optional<byte[]> body(Context ctx) throws IOException {
    try (InputStream in = ctx.bodyInputStream()) {
      byte[] body = in.readNBytes(AddCheckpoint.MAX_BYTES + 1);
      return body.length > AddCheckpoint.MAX_BYTES ? Optional.empty() : Optional.of(body);
    }
  }

  private static void say(Context ctx, int status, String sentence) {
    ctx.status(status).contentType(TEXT).result(sentence + "\n");
  }

  @Override
  public void close() {
    server.stop();
    metrics.close();
  }
}
