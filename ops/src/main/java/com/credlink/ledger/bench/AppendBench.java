package com.credlink.ledger.bench;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.HeaderFamily;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.Provenance;
import com.credlink.ledger.event.WebhookExtract;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.vault.SealContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Encode, seal and send a webhook of 500 bytes, against the same producer that sends ready bytes of
 * the size that came of it.
 */
final class AppendBench implements Scenario {

  private static final int BODY_BYTES = 500;
  private static final int IN_FLIGHT = 4_000;
  private static final int READY = 10_000;
  private static final int SENDERS = 2;
  private static final int ROUNDS = 7;
  private static final Duration ROUND = Duration.ofSeconds(3);
  private static final double TARGET = 0.5;
  private static final String TENANT = "benchmarkbenchmarkbenchmar";

  /** Made by the gateway to find duplicates, not by an append. */
  private static final Bytes BODY_HASH = Bytes.wrap(new byte[32]);

  private final SecureRandom random = new SecureRandom();
  private final Ids ids = Ids.uuidV7(InstantSource.system(), random);
  private final byte[] body = new byte[BODY_BYTES];

  @Override
  public String name() {
    return "append";
  }

  @Override
  public void run(Report report) throws Exception {
    try (BenchLog log = BenchLog.open();
        KafkaProducer<byte[], byte[]> plain =
            new KafkaProducer<>(
                log.connection().with(Ledger.producerSettings(log.config())),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      // Different ones: the same bytes again and again would compress to nothing.
      List<byte[]> ready =
          Stream.generate(() -> log.serde().serialize(webhook(log))).limit(READY).toList();
      byte[] key = TENANT.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      report.progress("append: " + ready.getFirst().length + " bytes an event");
      Rounds.Ratio ratio =
          Rounds.of(
              ROUNDS,
              () -> flood(n -> log.ledger().append(webhook(log))),
              () ->
                  flood(
                      n -> {
                        CompletableFuture<Object> sent = new CompletableFuture<>();
                        var _ =
                            plain.send(
                                new ProducerRecord<>(
                                    log.config().topic(), 0, key, ready.get((int) (n % READY))),
                                (metadata, failure) -> {
                                  if (failure == null) {
                                    sent.complete(metadata);
                                  } else {
                                    sent.completeExceptionally(failure);
                                  }
                                });
                        return sent;
                      }));
      report.ratio("append", "encode, seal, send : send ready bytes (500 B body)", ratio, TARGET);
    }
  }

  /**
   * Sends from several threads, as a gateway does, for the length of a round with a bounded number
   * under way; acknowledged per second.
   */
  private static double flood(LongFunction<CompletableFuture<?>> send) throws Exception {
    Semaphore room = new Semaphore(IN_FLIGHT);
    Failure failure = new Failure();
    AtomicLong sent = new AtomicLong();
    long start = System.nanoTime();
    long end = start + ROUND.toNanos();
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      for (int i = 0; i < SENDERS; i++) {
        int sender = i;
        var _ = senders.submit(() -> sent.addAndGet(sendUntil(end, sender, send, room, failure)));
      }
    }
    room.acquire(IN_FLIGHT);
    failure.rethrow();
    return sent.get() * 1e9 / (System.nanoTime() - start);
  }

  private static long sendUntil(
      long end,
      int sender,
      LongFunction<CompletableFuture<?>> send,
      Semaphore room,
      Failure failure) {
    long count = 0;
    for (; System.nanoTime() < end; count++) {
      room.acquireUninterruptibly();
      try {
        var _ =
            send.apply(count * SENDERS + sender)
                .whenComplete(
                    (done, failed) -> {
                      if (failed != null) {
                        failure.set(new IllegalStateException(failed));
                      }
                      room.release();
                    });
      } catch (RuntimeException e) {
        failure.set(e);
        room.release();
        return count;
      }
    }
    return count;
  }

  private LedgerEvent webhook(BenchLog log) {
    String id = ids.next();
    Instant now = Instant.now();
    return new WebhookReceived(
        new EventHeader(
            id,
            TENANT,
            now,
            now,
            new Actor(ActorType.SHOPIFY, TENANT),
            "gateway/shopify",
            id,
            Optional.empty(),
            Optional.empty()),
        "products/update",
        id,
        Optional.empty(),
        Optional.of("2026-10"),
        Optional.empty(),
        false,
        false,
        HeaderFamily.CLASSIC,
        Provenance.HEADER_NAMES_SHOP,
        "bench",
        BODY_HASH,
        Optional.empty(),
        log.vault().seal(new SealContext(id, TENANT, "evidence", "WebhookReceived", "body"), body),
        new WebhookExtract(Optional.of("632910392"), Optional.empty(), List.of()),
        false);
  }
}
