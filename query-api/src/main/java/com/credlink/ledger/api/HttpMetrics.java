package com.credlink.ledger.api;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Times every request, by method, route template and class of status. Callers choose methods and
 * paths, so what no route stands for is counted under one name: the number of series has a bound.
 */
public final class HttpMetrics {

  /** Name of the timer; Prometheus shows it as {@code http_server_requests_seconds}. */
  static final String NAME = "http.server.requests";

  /** Label of methods and routes that the API does not have. */
  static final String OTHER = "other";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** Bounds of the histogram: around the targets (10 ms, 2 s to write) and the long poll. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final MeterProvider<Timer> timers;

  /** Metrics in {@code registry}. */
  public HttpMetrics(MeterRegistry registry) {
    this.timers =
        Timer.builder(NAME)
            .description("Requests by method, route and class of status; a long poll waits")
            .serviceLevelObjectives(BUCKETS)
            .withRegistry(registry);
  }

  /** Records one answered request. */
  void record(Context ctx, float millis) {
    Tags labels =
        Tags.of(
            "method", method(ctx), "route", route(ctx), "status", ctx.statusCode() / 100 + "xx");
    timers.withTags(labels).record(Duration.ofNanos((long) (millis * 1e6)));
  }

  private static String method(Context ctx) {
    String method = ctx.req().getMethod();
    return METHODS.contains(method) ? method : OTHER;
  }

  private static String route(Context ctx) {
    return Optional.ofNullable(ctx.endpoints().matchedHttpEndpoint())
        .map(HttpMetrics::path)
        .orElse(OTHER);
  }

  private static String path(Endpoint endpoint) {
    return endpoint.path;
  }
}
