package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Refusals;
import com.credlink.ledger.api.access.Traceparent;
import com.credlink.ledger.api.intake.WebhookBody.MalformedBodyException;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.Rfc3339;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.HeaderFamily;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.Provenance;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.query.IntakeView;
import com.credlink.ledger.vault.SealContext;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code POST /webhooks/shopify}: authenticate the raw body, bind it to a shop, seal it, append it,
 * and only then answer 200.
 *
 * <p>The HMAC covers the body alone, so a genuine body of one shop can be sent under another shop's
 * header. What the body itself says of its shop and resource is therefore held against the header
 * before anything is written. Duplicates are not decided here: two gateways could disagree, the
 * fold cannot.
 */
public final class ShopifyWebhooks {

  /** Largest body taken; Shopify states no limit of its own for HTTPS. */
  public static final int MAX_BODY_BYTES = 5 * 1024 * 1024;

  /**
   * How far the claimed trigger time may be from ours: Shopify delivers up to a day late, plus
   * clocks.
   */
  public static final Duration MAX_CLOCK_SKEW = Duration.ofHours(26);

  private static final String ROUTE = "POST /webhooks/shopify";
  private static final Pattern TOPIC = Pattern.compile("[a-z0-9_]+(/[a-z0-9_]+)+");
  private static final Pattern SHOP_DOMAIN =
      Pattern.compile("[a-z0-9][a-z0-9-]*\\.myshopify\\.com");
  private static final int MAX_HEADER_LENGTH = 255;

  private final WebhookSecrets secrets;
  private final TenantDirectory shops;
  private final IntakeView known;
  private final Vault vault;
  private final Appender appender;
  private final Refusals refusals;
  private final InstantSource clock;
  private final Ids ids;

  /** A gateway over its collaborators. */
  public ShopifyWebhooks(
      WebhookSecrets secrets,
      TenantDirectory shops,
      IntakeView known,
      Vault vault,
      Appender appender,
      Refusals refusals,
      InstantSource clock,
      Ids ids) {
    this.secrets = secrets;
    this.shops = shops;
    this.known = known;
    this.vault = vault;
    this.appender = appender;
    this.refusals = refusals;
    this.clock = clock;
    this.ids = ids;
  }

  /** Takes one delivery. */
  public void receive(Context ctx) {
    Instant now = clock.instant();
    byte[] body = body(ctx);
    DeliveryHeaders headers = DeliveryHeaders.read(ctx::header);
    String secretId = authenticate(ctx, headers, body, now);
    String topic = topic(headers);
    WebhookBody parsed = parse(topic, body);
    Shop shop = bind(headers, topic, parsed);
    WebhookReceived event = event(headers, secretId, topic, body, parsed, shop, now, ctx);
    Position position = appender.append(ctx, event);
    ctx.header("Ledger-Event-Id", event.eventId());
    ctx.header("Ledger-Position", position.toString());
    ctx.status(200);
  }

  private byte[] body(Context ctx) {
    byte[] body = Bodies.read(ctx, MAX_BODY_BYTES);
    if (body.length > MAX_BODY_BYTES) {
      refusals.refused(ctx, ROUTE, Problem.TOO_LARGE);
      throw new ProblemException(
          Problem.TOO_LARGE, "The body is larger than " + MAX_BODY_BYTES + " bytes.");
    }
    return body;
  }

  private String authenticate(Context ctx, DeliveryHeaders headers, byte[] body, Instant now) {
    if (headers.hmac().isEmpty()) {
      refusals.refused(ctx, ROUTE, Problem.MISSING_HMAC);
      throw new ProblemException(
          Problem.MISSING_HMAC, "The header X-Shopify-Hmac-Sha256 is missing.");
    }
    Optional<String> secretId = secrets.matching(body, headers.hmac().get(), now);
    boolean otherMatches =
        headers
            .otherHmac()
            .map(other -> secrets.matching(body, other, now).isPresent())
            .orElse(true);
    boolean otherVouches = headers.otherHmac().isPresent() && otherMatches;
    if (secretId.isEmpty() && !otherVouches) {
      refusals.refused(ctx, ROUTE, Problem.BAD_HMAC);
      throw new ProblemException(
          Problem.BAD_HMAC, "The HMAC does not match the body under any client secret.");
    }
    if (secretId.isEmpty() || !otherMatches || headers.disagree()) {
      throw new ProblemException(
          Problem.MALFORMED, "The X-Shopify- and Shopify- headers of the request disagree.");
    }
    return secretId.get();
  }

  private static String topic(DeliveryHeaders headers) {
    String topic = headers.topic().orElse("");
    if (topic.length() > MAX_HEADER_LENGTH || !TOPIC.matcher(topic).matches()) {
      throw new ProblemException(
          Problem.MALFORMED, "The header X-Shopify-Topic is missing or not a topic.");
    }
    return topic;
  }

  private static WebhookBody parse(String topic, byte[] body) {
    try {
      return WebhookBody.parse(topic, body);
    } catch (MalformedBodyException e) {
      throw new ProblemException(Problem.MALFORMED, e.getMessage());
    }
  }

  /** The installed shop that this delivery belongs to, or the refusal. */
  private Shop bind(DeliveryHeaders headers, String topic, WebhookBody body) {
    boolean compliance = WebhookBody.COMPLIANCE.contains(topic);
    if (!compliance && headers.webhookId().isEmpty()) {
      throw new ProblemException(Problem.MALFORMED, "The header X-Shopify-Webhook-Id is missing.");
    }
    if (headers.webhookId().map(id -> id.length() > MAX_HEADER_LENGTH).orElse(false)) {
      throw new ProblemException(Problem.MALFORMED, "The header X-Shopify-Webhook-Id is too long.");
    }
    String domain =
        headers
            .shop()
            .or(() -> compliance ? body.shop() : Optional.empty())
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.MALFORMED, "Neither a header nor the body names a shop."));
    if (!SHOP_DOMAIN.matcher(domain).matches()) {
      throw new ProblemException(Problem.MALFORMED, "The shop is not a myshopify.com domain.");
    }
    if (body.shop().map(named -> !named.equals(domain)).orElse(false)) {
      throw mismatch("The body names another shop than the header.");
    }
    Shop shop =
        shops
            .byDomain(domain)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.SHOP_NOT_INSTALLED, "The app is not installed in this shop."));
    if (body.shopId().map(named -> !named.equals(Long.toString(shop.shopId()))).orElse(false)) {
      throw mismatch("The body names the id of another shop.");
    }
    boolean staysKnown = compliance || topic.equals("app/uninstalled");
    if (!staysKnown && !known.isInstalled(shop.tenant())) {
      throw new ProblemException(
          Problem.SHOP_NOT_INSTALLED, "The app was uninstalled from this shop.");
    }
    return shop;
  }

  private static ProblemException mismatch(String detail) {
    return new ProblemException(Problem.SHOP_MISMATCH, detail);
  }

  private WebhookReceived event(
      DeliveryHeaders headers,
      String secretId,
      String topic,
      byte[] raw,
      WebhookBody body,
      Shop shop,
      Instant now,
      Context ctx) {
    String eventId = ids.next();
    Bytes bodyHash = vault.lookupHash("webhook-body", raw);
    Optional<Bytes> resource =
        body.resource().map(r -> vault.lookupHash("resource", utf8(r.type()), utf8(r.id())));
    // Nobody vouches for the header that says "test": it keeps a resource from being bound, and
    // opens no other shop's.
    if (resource.map(hash -> known.isBoundElsewhere(hash, shop.tenant(), now)).orElse(false)) {
      throw mismatch("The body's resource belongs to another shop.");
    }
    Sealed sealed =
        vault.seal(
            new SealContext(eventId, shop.tenant(), "evidence", "WebhookReceived", "body"), raw);
    return new WebhookReceived(
        new EventHeader(
            eventId,
            shop.tenant(),
            triggeredAt(headers, now).orElse(now),
            now,
            new Actor(ActorType.SHOPIFY, shop.tenant()),
            "gateway/shopify",
            headers.eventId().filter(id -> id.length() <= MAX_HEADER_LENGTH).orElse(eventId),
            Optional.empty(),
            Optional.ofNullable(ctx.header("traceparent")).filter(Traceparent::isValid)),
        topic,
        headers.webhookId().orElse(""),
        headers.triggeredAt(),
        headers.apiVersion(),
        headers.subscription(),
        headers.test(),
        body.stub(),
        headers.family() == HeaderFamily.BOTH ? HeaderFamily.BOTH : headers.family(),
        body.shop().isPresent() ? Provenance.BODY_NAMES_SHOP : Provenance.HEADER_NAMES_SHOP,
        secretId,
        bodyHash,
        resource.filter(hash -> !headers.test()),
        sealed,
        body.extract(),
        known.isBodySeenElsewhere(bodyHash, shop.tenant()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<Instant> triggeredAt(DeliveryHeaders headers, Instant now) {
    if (headers.triggeredAt().isEmpty()) {
      return Optional.empty();
    }
    Instant at;
    try {
      at = Rfc3339.instant(headers.triggeredAt().get());
    } catch (DateTimeException e) {
      throw new ProblemException(
          Problem.MALFORMED, "The header X-Shopify-Triggered-At is not an RFC 3339 time.");
    }
    if (Duration.between(at, now).abs().compareTo(MAX_CLOCK_SKEW) > 0) {
      throw new ProblemException(
          Problem.MALFORMED,
          "The header X-Shopify-Triggered-At is more than "
              + MAX_CLOCK_SKEW.toHours()
              + " hours from now.");
    }
    return Optional.of(at.truncatedTo(java.time.temporal.ChronoUnit.MICROS));
  }
}
