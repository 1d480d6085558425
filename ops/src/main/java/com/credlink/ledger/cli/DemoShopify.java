package com.credlink.ledger.cli;

import com.credlink.ledger.config.Secret;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.node.DevCredentials;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Plays Shopify: bodies as Shopify makes them, signed as Shopify signs them. Every run has ids of
 * its own.
 */
final class DemoShopify {

  /** Who the compliance webhook is about; must never be readable in the trail. */
  static final String CUSTOMER_EMAIL = "ines.carvalho@example.com";

  private static final String API_VERSION = "2026-10";
  private static final long ID_BASE = 7_880_000_000_000L;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Secret secret;
  private final Instant now;
  private final RandomGenerator random;

  /** One delivery: the exact bytes and the headers that come with them. */
  record Delivery(Bytes body, Map<String, String> headers) {

    Delivery withBody(byte[] other) {
      return new Delivery(Bytes.copyOf(other), headers);
    }
  }

  DemoShopify(Secret secret, Instant now, RandomGenerator random) {
    this.secret = secret;
    this.now = now;
    this.random = random;
  }

  /** A fresh resource id, of the size that Shopify's have. */
  long newId() {
    return ID_BASE + random.nextLong(1_000_000_000L);
  }

  /**
   * {@code products/create} or {@code products/update}; the second image's source has no scheme, as
   * Shopify sometimes sends it.
   */
  byte[] product(long id, String title, String vendor, List<DemoImages.Image> images, int revision)
      throws JsonProcessingException {
    var product = JSON.createObjectNode();
    product.put("admin_graphql_api_id", "gid://shopify/Product/" + id);
    product.put("body_html", "<p>" + title + ", made to order.</p>");
    product.put("created_at", now.toString());
    product.put("handle", title.toLowerCase(Locale.ROOT).replace(' ', '-'));
    product.put("id", id);
    product.put("product_type", "Sample");
    product.put("published_at", now.toString());
    product.putNull("template_suffix");
    product.put("title", title);
    product.put("updated_at", now.plusSeconds(revision).toString());
    product.put("vendor", vendor);
    product.put("status", "active");
    product.put("published_scope", "web");
    product.put("tags", "new, season");
    var variant = product.putArray("variants").addObject();
    variant
        .put("id", id + 1)
        .put("product_id", id)
        .put("title", "Default Title")
        .put("price", "489.00");
    variant.put("position", 1).put("inventory_policy", "deny").putNull("image_id");
    product
        .putArray("options")
        .addObject()
        .put("id", id + 2)
        .put("product_id", id)
        .put("name", "Title")
        .put("position", 1);
    var list = product.putArray("images");
    for (int i = 0; i < images.size(); i++) {
      list.add(image(id, id + 10 + i, i + 1, images.get(i)));
    }
    product.set("image", list.get(0));
    return JSON.writeValueAsBytes(product);
  }

  private static ObjectNode image(long product, long id, int position, DemoImages.Image image) {
    var scheme = position == 2 ? "//" : "https://";
    var node = JSON.createObjectNode();
    node.put("id", id).put("product_id", product).put("position", position).putNull("alt");
    node.put("width", 640).put("height", 427);
    node.put(
        "src",
        scheme + "cdn.shopify.com/s/files/1/0095/4889/products/" + image.file() + "?v=" + id);
    node.putArray("variant_ids");
    node.put("admin_graphql_api_id", "gid://shopify/ProductImage/" + id);
    return node;
  }

  /** {@code customers/redact}, which names its shop in the body. */
  byte[] customersRedact(DevCredentials.Shop shop) throws JsonProcessingException {
    var body = JSON.createObjectNode();
    body.put("shop_id", Long.parseLong(shop.shopId()));
    body.put("shop_domain", shop.domain());
    var customer = body.putObject("customer");
    customer.put("id", newId()).put("email", CUSTOMER_EMAIL).put("phone", "555-010-7788");
    body.putArray("orders_to_redact").add(newId()).add(newId());
    return JSON.writeValueAsBytes(body);
  }

  /** {@code body} as a delivery of {@code topic} to the app of {@code shop}. */
  Delivery sign(String topic, String shop, byte[] body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("X-Shopify-Topic", topic);
    headers.put("X-Shopify-Shop-Domain", shop);
    headers.put("X-Shopify-API-Version", API_VERSION);
    headers.put("X-Shopify-Webhook-Id", uuid());
    headers.put("X-Shopify-Event-Id", uuid());
    headers.put("X-Shopify-Triggered-At", now.toString());
    headers.put("X-Shopify-Hmac-Sha256", hmac(body));
    return new Delivery(Bytes.copyOf(body), headers);
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private String hmac(byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
