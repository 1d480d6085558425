package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.intake.JsonObjects.NoJsonObjectException;
import com.credlink.ledger.event.ImageReference;
import com.credlink.ledger.event.WebhookExtract;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the authenticated body says of itself: the shop and the resource that it names, and the
 * extract that folds may see.
 *
 * @param shop the myshopify domain that the body names, lower case
 * @param shopId the shop id that the body names
 * @param resource the resource's type and id, for topics about one resource of a shop
 * @param stub the body stands for a payload that was too large
 * @param extract images and update time, free of personal data
 */
record WebhookBody(
    Optional<String> shop,
    Optional<String> shopId,
    Optional<Resource> resource,
    boolean stub,
    WebhookExtract extract) {

  /** Compliance topics: mandatory, sometimes without headers, and about persons. */
  static final Set<String> COMPLIANCE =
      Set.of("customers/data_request", "customers/redact", "shop/redact");

  /** Topics whose images are to be signed. */
  private static final Set<String> PRODUCTS = Set.of("products/create", "products/update");

  /** Topics whose body is the shop itself. */
  private static final Set<String> SHOP = Set.of("app/uninstalled", "shop/update");

  /** The type and id of what a webhook is about. */
  record Resource(String type, String id) {}

  /** The body has not the shape that its topic promises. */
  static final class MalformedBodyException extends Exception {
    MalformedBodyException(String message) {
      super(message);
    }
  }

  /** Reads {@code raw} as a body of {@code topic}. */
  static WebhookBody parse(String topic, byte[] raw) throws MalformedBodyException {
    JsonNode root = json(raw);
    Optional<String> id = idOf(root.path("id"));
    boolean stub = root.size() == 1 && id.isPresent() && !topic.endsWith("/delete");
    boolean shopBody = SHOP.contains(topic);
    boolean compliance = COMPLIANCE.contains(topic);
    return new WebhookBody(
        text(root, compliance ? "shop_domain" : "myshopify_domain")
            .or(() -> text(root, compliance ? "myshopify_domain" : "shop_domain"))
            .map(domain -> domain.toLowerCase(Locale.ROOT)),
        shopBody ? id : idOf(root.path("shop_id")),
        shopBody || compliance
            ? Optional.empty()
            : id.map(value -> new Resource(topic.substring(0, topic.indexOf('/')), value)),
        stub,
        PRODUCTS.contains(topic) ? product(root, id, stub) : extract(root, shopBody || compliance));
  }

  private static JsonNode json(byte[] raw) throws MalformedBodyException {
    try {
      return JsonObjects.read(raw);
    } catch (NoJsonObjectException e) {
      throw new MalformedBodyException("The body " + e.getMessage() + ".");
    }
  }

  private static WebhookExtract extract(JsonNode root, boolean personal) {
    return personal
        ? new WebhookExtract(Optional.empty(), Optional.empty(), List.of())
        : new WebhookExtract(idOf(root.path("id")), text(root, "updated_at"), List.of());
  }

  private static WebhookExtract product(JsonNode root, Optional<String> id, boolean stub)
      throws MalformedBodyException {
    if (id.isEmpty()) {
      throw new MalformedBodyException("A product has no id.");
    }
    JsonNode images = root.path("images");
    if (!stub && !images.isMissingNode() && !images.isNull() && !images.isArray()) {
      throw new MalformedBodyException("A product's images are not a list.");
    }
    List<ImageReference> references = new ArrayList<>();
    for (JsonNode image : images) {
      references.add(image(image));
    }
    return new WebhookExtract(id, text(root, "updated_at"), references);
  }

  private static ImageReference image(JsonNode image) throws MalformedBodyException {
    Optional<String> id = idOf(image.path("id"));
    Optional<String> source = text(image, "src");
    if (id.isEmpty() || source.isEmpty()) {
      throw new MalformedBodyException("An image of the product has no id or no src.");
    }
    String absolute = source.get().startsWith("//") ? "https:" + source.get() : source.get();
    return new ImageReference(id.get(), absolute, text(image, "updated_at"));
  }

  /** Shopify's ids are integers beyond 2^53 and sometimes text; as text they survive both. */
  private static Optional<String> idOf(JsonNode node) {
    return node.isIntegralNumber() || node.isTextual()
        ? Optional.of(node.asText()).filter(text -> !text.isBlank())
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.path(field).isTextual()
        ? Optional.of(node.path(field).textValue())
        : Optional.empty();
  }
}
