package com.credlink.ledger.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed deliveries of 2 KiB, each another one, none with images: intake alone is measured. */
final class Webhooks {

  private static final int BODY_BYTES = 2048;
  private static final AtomicLong IDS = new AtomicLong(1_000_000_000_000L);

  private final SecretKeySpec secret;

  Webhooks(String secret) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  /** Sends one over {@code connection} and waits for its 200. */
  void send(HttpConnection connection) throws IOException {
    byte[] body = body(IDS.getAndIncrement());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("X-Shopify-Topic", "products/update");
    headers.put("X-Shopify-Shop-Domain", BenchNode.SHOP);
    headers.put("X-Shopify-API-Version", "2026-10");
    headers.put("X-Shopify-Webhook-Id", UUID.randomUUID().toString());
    headers.put("X-Shopify-Triggered-At", Instant.now().toString());
    headers.put("X-Shopify-Hmac-Sha256", hmac(body));
    connection.send("POST", "/webhooks/shopify", headers, body);
  }

  private String hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] body(long id) {
    String start =
        "{\"id\":%d,\"title\":\"Alpine Board\",\"updated_at\":\"2026-11-23T08:15:30Z\",\"images\":[],\"body_html\":\""
            .formatted(id);
    String end = "\"}";
    return (start + "x".repeat(BODY_BYTES - start.length() - end.length()) + end)
        .getBytes(StandardCharsets.UTF_8);
  }
}
