package com.credlink.ledger.bench;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Topics;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that receives a webhook and keeps it: checks the HMAC, produces the raw body with
 * {@code acks=all} to the same broker, answers 200. Also a route that answers a constant, and one
 * that does so when a record as long as a decision is durable.
 */
final class PlainReceiver implements AutoCloseable {

  static final String TOPIC = "bench.raw";

  private static final String CONSTANT = "{\"status\":\"SIGNED\"}";

  /** As long as a decision is in the log. */
  private static final byte[] DECISION = new byte[400];

  private final SecretKeySpec secret;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Javalin server;

  PlainReceiver(String kafka, String secret) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    KafkaConnection connection = KafkaConnection.plain(kafka);
    this.producer =
        new KafkaProducer<>(
            connection.with(
                Ledger.producerSettings(LedgerConfig.of(connection, Topics.embedded()))),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.concurrency.useVirtualThreads = true;
              config.routes.post("/webhooks/shopify", this::receive);
              config.routes.get(
                  "/constant", ctx -> ctx.contentType("application/json").result(CONSTANT));
              config.routes.get("/decision", this::decide);
            });
    server.start("127.0.0.1", 0);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private void receive(Context ctx)
      throws GeneralSecurityException, InterruptedException, ExecutionException {
    byte[] body = ctx.bodyAsBytes();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(secret);
    byte[] given = Base64.getDecoder().decode(ctx.header("X-Shopify-Hmac-Sha256"));
    if (!MessageDigest.isEqual(mac.doFinal(body), given)) {
      ctx.status(401);
      return;
    }
    producer.send(new ProducerRecord<>(TOPIC, body)).get();
    ctx.status(200);
  }

  private void decide(Context ctx) throws InterruptedException, ExecutionException {
    producer.send(new ProducerRecord<>(TOPIC, DECISION)).get();
    ctx.contentType("application/json").result(CONSTANT);
  }

  @Override
  public void close() {
    server.stop();
    producer.close();
  }
}
