package com.credlink.ledger.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A webhook of 2 KiB from the first byte to the durable fact, with the whole node at work behind
 * it, against a server that checks the HMAC and produces the raw body.
 */
final class IngestBench implements Scenario {

  private static final int WORKERS = 32;
  private static final int ROUNDS = 7;
  private static final Duration ROUND = Duration.ofSeconds(4);
  private static final double TARGET = 0.6;
  private static final int RATE = 1_000;
  private static final Duration AT_RATE = Duration.ofSeconds(15);
  private static final double P99_MILLIS = 10;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public void run(Report report) throws Exception {
    try (BenchNode node = BenchNode.start()) {
      makeTopic(node.node().kafka());
      Webhooks webhooks = new Webhooks(node.clientSecret());
      try (PlainReceiver plain = new PlainReceiver(node.node().kafka(), node.clientSecret());
          Connections ours = Connections.to(node.url(), WORKERS);
          Connections base = Connections.to(plain.url(), WORKERS)) {
        report.progress("ingest: " + ROUNDS + " pairs of " + ROUND.toSeconds() + " s");
        report.ratio(
            "ingest",
            "webhook to durable fact : HMAC and raw produce (2 KiB, %d connections)"
                .formatted(WORKERS),
            Rounds.of(
                ROUNDS,
                () -> ClosedLoop.run(ROUND, WORKERS, worker -> webhooks.send(ours.get(worker))),
                () -> ClosedLoop.run(ROUND, WORKERS, worker -> webhooks.send(base.get(worker)))),
            TARGET);
        report.progress("ingest: " + RATE + "/s for " + AT_RATE.toSeconds() + " s");
        var micros =
            OpenLoop.run(RATE, AT_RATE, WORKERS, worker -> webhooks.send(ours.get(worker)));
        report.latency("ingest", "latency at 1,000/s", micros, P99_MILLIS);
        var plainMicros =
            OpenLoop.run(RATE, AT_RATE, WORKERS, worker -> webhooks.send(base.get(worker)));
        report.reference("ingest", "the plain server at 1,000/s", plainMicros);
      }
    }
  }

  /** For what the baseline produces. */
  static void makeTopic(String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .createTopics(List.of(new NewTopic(PlainReceiver.TOPIC, 4, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  /** One connection for each worker. */
  record Connections(List<HttpConnection> all) implements AutoCloseable {

    static Connections to(URI server, int count) throws IOException {
      List<HttpConnection> all = new java.util.ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(new HttpConnection(server));
      }
      return new Connections(all);
    }

    HttpConnection get(int worker) {
      return all.get(worker);
    }

    @Override
    public void close() throws IOException {
      for (HttpConnection one : all) {
        one.close();
      }
    }
  }
}
