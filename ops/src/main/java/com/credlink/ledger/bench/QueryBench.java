package com.credlink.ledger.bench;

import com.credlink.ledger.bench.IngestBench.Connections;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The status of a request by id, against a route that answers a constant, and against one that
 * first makes a record as long as a decision durable.
 */
final class QueryBench implements Scenario {

  private static final int WORKERS = 8;
  private static final int RATE = 500;
  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final double BEYOND_MILLIS = 5;
  private static final String DIGEST = "ab".repeat(32);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "query";
  }

  @Override
  public void run(Report report) throws Exception {
    try (BenchNode node = BenchNode.start()) {
      IngestBench.makeTopic(node.node().kafka());
      compare(report, node);
    }
  }

  private static void compare(Report report, BenchNode node) throws Exception {
    try (PlainReceiver plain = new PlainReceiver(node.node().kafka(), node.clientSecret())) {
      Map<String, String> merchant = Map.of("Authorization", node.merchant());
      String status =
          "/v1/shops/" + BenchNode.SHOP + "/signing-requests/" + make(node.url(), merchant);
      Histogram constant = measure(plain.url(), "/constant", Map.of());
      Histogram decision = measure(plain.url(), "/decision", Map.of());
      Histogram query = measure(node.url(), status, merchant);
      report.reference("query", "a constant, Javalin, at 500/s", constant);
      report.reference("query", "only a durable decision, at 500/s", decision);
      report.reference("query", "status by id, at 500/s", query);
      double beyond = (query.getValueAtPercentile(99) - decision.getValueAtPercentile(99)) / 1000.0;
      report.below("query", "p99 of the status beyond its decision", beyond, "ms", BEYOND_MILLIS);
    }
  }

  /** Over connections of its own: one that waited for its turn would be closed by then. */
  private static Histogram measure(URI server, String path, Map<String, String> headers)
      throws Exception {
    try (Connections to = Connections.to(server, WORKERS)) {
      OpenLoop.Request request = worker -> to.get(worker).send("GET", path, headers, new byte[0]);
      OpenLoop.run(RATE, WARM_UP, WORKERS, request);
      return OpenLoop.run(RATE, LENGTH, WORKERS, request);
    }
  }

  /** Asks for a signature over a digest; the id of the request. */
  private static String make(URI server, Map<String, String> merchant) throws IOException {
    Map<String, String> headers = new HashMap<>(merchant);
    headers.put("Content-Type", "application/json");
    headers.put("Idempotency-Key", "\"bench\"");
    byte[] body =
        "{\"digest\":{\"alg\":\"sha-256\",\"value\":\"%s\"},\"signature_format\":\"cose\"}"
            .formatted(DIGEST)
            .getBytes(StandardCharsets.UTF_8);
    try (HttpConnection connection = new HttpConnection(server)) {
      byte[] answer =
          connection.send(
              "POST", "/v1/shops/" + BenchNode.SHOP + "/signing-requests", headers, body);
      JsonNode request = JSON.readTree(answer);
      return request.path("id").asText(request.path("request_id").asText());
    }
  }
}
