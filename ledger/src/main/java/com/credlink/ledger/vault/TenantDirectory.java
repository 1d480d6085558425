package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.vault.WrappedKeyStore.Entry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shop is which tenant. The log knows the tenant alone; the domain can be personal data, can
 * change and can be erased, and stands here, sealed under the epoch key.
 *
 * <p>The store's order decides: of two records that name one domain or one shop id the first
 * counts. Safe for use by many threads at once.
 */
public final class TenantDirectory {

  private static final String SUFFIX = "/directory";
  private static final String PURPOSE = "directory";

  /** RFC 1035: labels of 63, 253 in all. */
  private static final Pattern DOMAIN =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9]([a-z0-9-]{0,62}))*");

  private static final Logger LOG = LoggerFactory.getLogger(TenantDirectory.class);

  private final EpochKeys epochs;
  private final WrappedKeyStore store;
  private final AesGcm cipher;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Object installing = new Object();
  // Both guarded by this; shops in the store's order.
  private boolean loaded;
  private final Map<String, Shop> byTenant = new LinkedHashMap<>();
  private volatile Index index = Index.of(List.of());

  /**
   * A shop and its tenant.
   *
   * @param tenant 128 random bits, lower-case base32.
   * @param domain its domain, lower-case.
   * @param shopId its id.
   */
  public record Shop(String tenant, String domain, long shopId) {}

  /** What is looked up, replaced as a whole. */
  private record Index(
      Map<String, Shop> byTenant, Map<String, Shop> byDomain, Map<Long, Shop> byShopId) {
    static Index of(Collection<Shop> inOrder) {
      Map<String, Shop> tenants = new LinkedHashMap<>();
      Map<String, Shop> domains = new LinkedHashMap<>();
      Map<Long, Shop> ids = new LinkedHashMap<>();
      for (Shop shop : inOrder) {
        if (!domains.containsKey(shop.domain()) && !ids.containsKey(shop.shopId())) {
          tenants.put(shop.tenant(), shop);
          domains.put(shop.domain(), shop);
          ids.put(shop.shopId(), shop);
        }
      }
      return new Index(tenants, domains, ids);
    }
  }

  private TenantDirectory(
      EpochKeys epochs,
      WrappedKeyStore store,
      AesGcm cipher,
      SecureRandom random,
      InstantSource clock) {
    this.epochs = epochs;
    this.store = store;
    this.cipher = cipher;
    this.random = random;
    this.clock = clock;
  }

  /** Reads the store and follows it. */
  public static TenantDirectory open(
      EpochKeys epochs,
      WrappedKeyStore store,
      AesGcm cipher,
      SecureRandom random,
      InstantSource clock) {
    TenantDirectory directory = new TenantDirectory(epochs, store, cipher, random, clock);
    directory.load();
    return directory;
  }

  /**
   * The tenant of a shop, made when there is none. However many install one shop at once, from
   * however many processes, all are given the same tenant. A known shop id under another domain is
   * the same tenant with a new domain.
   *
   * @throws IllegalArgumentException when {@code domain} is no domain name.
   * @throws ShopConflictException when the domain belongs to another shop id.
   * @throws VaultException.Unavailable when it cannot be stored; the call may be repeated.
   */
  public Shop install(String domain, long shopId) {
    String name = normal(domain);
    if (!DOMAIN.matcher(name).matches()) {
      throw new IllegalArgumentException("'%s' is not a domain name".formatted(domain));
    }
    synchronized (installing) {
      Optional<Shop> known = byDomain(name);
      if (known.isPresent()) {
        return sameShop(known.get(), shopId);
      }
      String tenant = byShopId(shopId).map(Shop::tenant).orElseGet(() -> Base32.random(random));
      store.put(recordKey(tenant), seal(new Shop(tenant, name, shopId)));
      Shop first =
          byDomain(name)
              .or(() -> byShopId(shopId))
              .orElseThrow(
                  () -> new VaultException.Unavailable("an installed shop was erased at once"));
      if (!first.tenant().equals(tenant)) {
        // Another process was first; its record counts and ours must not wait to take over.
        store.tombstone(recordKey(tenant));
      }
      return sameShop(first, shopId);
    }
  }

  /** The shop with this domain. */
  public Optional<Shop> byDomain(String domain) {
    return Optional.ofNullable(index.byDomain().get(normal(domain)));
  }

  /** The shop with this id. */
  public Optional<Shop> byShopId(long shopId) {
    return Optional.ofNullable(index.byShopId().get(shopId));
  }

  /** The shop of this tenant; empty when it is unknown or erased. */
  public Optional<Shop> byTenant(String tenant) {
    return Optional.ofNullable(index.byTenant().get(tenant));
  }

  /** Every shop, in the order of the store. */
  public List<Shop> all() {
    return List.copyOf(index.byTenant().values());
  }

  static String recordKey(String tenant) {
    return tenant + SUFFIX;
  }

  private static Shop sameShop(Shop shop, long shopId) {
    if (shop.shopId() != shopId) {
      throw new ShopConflictException(shop.domain(), shop.shopId(), shopId);
    }
    return shop;
  }

  private static String normal(String domain) {
    return domain.toLowerCase(Locale.ROOT);
  }

  /** The index is built once for all that is there, and anew for each shop that comes. */
  private void load() {
    store.follow(
        entry -> {
          synchronized (this) {
            apply(entry);
            if (loaded) {
              index = Index.of(byTenant.values());
            }
          }
        });
    synchronized (this) {
      loaded = true;
      index = Index.of(byTenant.values());
    }
  }

  private void apply(Entry entry) {
    if (!entry.key().endsWith(SUFFIX)) {
      return;
    }
    String tenant = entry.key().substring(0, entry.key().length() - SUFFIX.length());
    if (entry.value().isEmpty()) {
      byTenant.remove(tenant);
      return;
    }
    try {
      // An existing tenant keeps its place: a new domain does not make it younger.
      open(tenant, entry.value().get()).ifPresent(shop -> byTenant.put(tenant, shop));
    } catch (VaultException.Tampered e) {
      LOG.atError().setCause(e).addKeyValue("record", entry.key()).log("shop record was altered");
    }
  }

  private Bytes seal(Shop shop) {
    byte[] plain =
        JsonNodeFactory.instance
            .objectNode()
            .put("domain", shop.domain())
            .put("shop_id", shop.shopId())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    return WrappedRecord.seal(
            recordKey(shop.tenant()), PURPOSE, clock.instant(), plain, epochs, cipher, random)
        .encode();
  }

  private Optional<Shop> open(String tenant, Bytes encoded) {
    Optional<byte[]> plain =
        WrappedRecord.decode(encoded)
            .filter(record -> record.purpose().equals(PURPOSE))
            .flatMap(record -> record.open(recordKey(tenant), epochs, cipher));
    if (plain.isEmpty()) {
      LOG.atWarn().addKeyValue("tenant", tenant).log("shop record cannot be opened");
      return Optional.empty();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(plain.get());
      return Optional.of(
          new Shop(tenant, json.required("domain").asText(), json.required("shop_id").asLong()));
    } catch (IOException | IllegalArgumentException e) {
      throw new VaultException.Tampered("shop record of '%s' is not JSON".formatted(tenant), e);
    }
  }
}
