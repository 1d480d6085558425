package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.LedgerClient.utf8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One webhook as Shopify sends it: the exact bytes, and headers that the signature leaves open. */
record ShopifyDelivery(Map<String, String> fields, byte[] body) {

  static final String HMAC = "X-Shopify-Hmac-Sha256";
  static final String TOPIC = "X-Shopify-Topic";
  static final String SHOP = "X-Shopify-Shop-Domain";
  static final String WEBHOOK_ID = "X-Shopify-Webhook-Id";
  static final String TRIGGERED_AT = "X-Shopify-Triggered-At";

  /** Beyond 2^53, as Shopify's are: what reads them as a double is found out. */
  private static final AtomicLong IDS = new AtomicLong(9_007_199_254_740_993L);

  static long newId() {
    return IDS.getAndIncrement();
  }

  /** A delivery of {@code topic} signed with {@code secret}. */
  static ShopifyDelivery of(String secret, String topic, String shop, byte[] body) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", "application/json");
    fields.put(TOPIC, topic);
    fields.put(SHOP, shop);
    fields.put("X-Shopify-API-Version", "2026-10");
    fields.put(WEBHOOK_ID, UUID.randomUUID().toString());
    fields.put("X-Shopify-Event-Id", UUID.randomUUID().toString());
    fields.put(TRIGGERED_AT, Instant.now().toString());
    fields.put(HMAC, hmac(secret, body));
    return new ShopifyDelivery(fields, body);
  }

  static ShopifyDelivery of(String secret, String topic, String shop, String body) {
    return of(secret, topic, shop, utf8(body));
  }

  static String hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(utf8(secret), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** A product whose images have these sources. */
  static String product(long id, String... sources) {
    var images =
        IntStream.range(0, sources.length)
            .mapToObj(i -> Map.of("id", id + 1000 + i, "product_id", id, "src", sources[i]))
            .toList();
    return json(
        Map.of(
            "id", id,
            "title", "Alpine Board 158",
            "vendor", "Snowdevil",
            "updated_at", "2026-11-23T08:15:30-05:00",
            "images", images));
  }

  /** The source of an image as Shopify names it, without a scheme as it sometimes does. */
  static String source(String file) {
    return "//cdn.shopify.com/s/files/1/0095/4889/products/" + file + "?v=" + newId();
  }

  ShopifyDelivery with(String header, String value) {
    Map<String, String> changed = new LinkedHashMap<>(fields);
    changed.put(header, value);
    return new ShopifyDelivery(changed, body);
  }

  ShopifyDelivery without(String header) {
    Map<String, String> changed = new LinkedHashMap<>(fields);
    changed.remove(header);
    return new ShopifyDelivery(changed, body);
  }

  ShopifyDelivery withBody(byte[] other) {
    return new ShopifyDelivery(fields, other);
  }

  /** Under the names that the other header family has. */
  ShopifyDelivery asEvents() {
    Map<String, String> renamed = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> renamed.put(name.replaceFirst("^X-Shopify-", "Shopify-"), value));
    return new ShopifyDelivery(renamed, body);
  }

  /** Under both families. */
  ShopifyDelivery underBoth() {
    Map<String, String> both = new LinkedHashMap<>(fields);
    both.putAll(asEvents().fields());
    return new ShopifyDelivery(both, body);
  }

  /** As name, value, name, value. */
  String[] headers() {
    List<String> flat = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          flat.add(name);
          flat.add(value);
        });
    return flat.toArray(String[]::new);
  }
}
