package com.credlink.ledger.api.admin;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.intake.JsonBodies;
import com.credlink.ledger.api.intake.Shops;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.ShopInstalled;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.vault.SealContext;
import com.credlink.ledger.vault.ShopConflictException;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import com.credlink.ledger.vault.VaultException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code PUT /v1/shops/{shop}}: a shop installs the app. Doing it again is another event and
 * changes nothing, except for a shop that had left: it is back.
 */
public final class ShopInstallation {

  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9][a-z0-9-]{0,62}\\.myshopify\\.com");
  private static final Pattern SHOP_ID = Pattern.compile("[1-9]\\d{0,18}");
  private static final String ID_FIELD = "shop_id";
  private static final int MAX_REQUEST_BYTES = 1024;

  private final TenantDirectory shops;
  private final Vault vault;
  private final Appender appender;
  private final AdminEvents events;

  /** Over its collaborators. */
  public ShopInstallation(
      TenantDirectory shops, Vault vault, Appender appender, InstantSource clock, Ids ids) {
    this.shops = shops;
    this.vault = vault;
    this.appender = appender;
    this.events = new AdminEvents(clock, ids);
  }

  /** Installs the shop of the path for a caller that was let in. */
  public void install(Context ctx, Admitted admitted) {
    String domain = Shops.domain(ctx);
    if (!DOMAIN.matcher(domain).matches()) {
      throw new ProblemException(Problem.MALFORMED, "The shop is not a myshopify.com domain.");
    }
    ObjectNode body = JsonBodies.object(ctx, MAX_REQUEST_BYTES);
    JsonBodies.refuseUnknown(body, "", Set.of(ID_FIELD));
    Shop shop = directoryEntry(domain, shopId(body));
    EventHeader header = events.header(ctx, Optional.of(shop.tenant()), admitted);
    Position position = appender.append(ctx, event(header, shop, vault));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("shop", shop.domain());
    answer.put(ID_FIELD, Long.toString(shop.shopId()));
    answer.put("tenant", shop.tenant());
    ctx.header("Ledger-Event-Id", header.eventId());
    ctx.header("Ledger-Position", position.toString());
    ctx.status(201).contentType("application/json").result(answer.toString());
  }

  /** The event of an installation; the name and id of the shop are sealed. */
  public static ShopInstalled event(EventHeader header, Shop shop, Vault vault) {
    ObjectNode sealed = JsonNodeFactory.instance.objectNode();
    sealed.put(ID_FIELD, Long.toString(shop.shopId()));
    sealed.put("domain", shop.domain());
    return new ShopInstalled(
        header,
        vault.seal(
            new SealContext(
                header.eventId(), shop.tenant(), "attribution", "ShopInstalled", "shop"),
            sealed.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private Shop directoryEntry(String domain, long shopId) {
    try {
      return shops.install(domain, shopId);
    } catch (ShopConflictException e) {
      throw new ProblemException(
          Problem.SHOP_MISMATCH, "The shop is installed under another shop id.");
    } catch (VaultException.Unavailable e) {
      throw new ProblemException(
              Problem.LOG_UNAVAILABLE, "The directory of shops cannot be written now.")
          .retryAfter(1);
    }
  }

  private static long shopId(ObjectNode body) {
    JsonNode id = body.path(ID_FIELD);
    String text = id.isTextual() || id.isIntegralNumber() ? id.asText() : "";
    if (SHOP_ID.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException tooLarge) {
        // answered below
      }
    }
    throw new ProblemException(
        Problem.MALFORMED, "The field 'shop_id' is not Shopify's number of the shop.");
  }
}
