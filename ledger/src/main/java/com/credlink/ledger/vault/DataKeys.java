package com.credlink.ledger.vault;

import com.credlink.ledger.asset.AssetKeys;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyWrap;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.LengthPrefixed;
import com.credlink.ledger.vault.WrappedKeyStore.Entry;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data keys of every tenant: made on first use, kept wrapped in the store, unwrapped for a
 * short while. Safe for use by many threads at once.
 */
public final class DataKeys implements AssetKeys, AutoCloseable {

  /**
   * A data key seals no more after so many wraps: random nonces allow 2^32 (SP 800-38D section
   * 8.3), and the count is this process's own, so sixteen processes or restarts in the key's life
   * have room.
   */
  static final long MAX_WRAPS = 1L << 28;

  /** A data key seals no more after this long; it opens for ever. */
  static final Duration MAX_AGE = Duration.ofDays(30);

  /** How long an unwrapped key stays in memory. A tombstone removes it at once. */
  static final Duration UNWRAPPED_FOR = Duration.ofMinutes(5);

  /** How many unwrapped keys are kept: about 3 MB. */
  static final int MAX_UNWRAPPED = 10_000;

  /** The shop itself; persons become subjects of their own. */
  private static final String SHOP = "shop";

  private static final String VALUES = "values";
  private static final String ASSETS = "assets";

  private static final Logger LOG = LoggerFactory.getLogger(DataKeys.class);

  private final EpochKeys epochs;
  private final WrappedKeyStore store;
  private final AesGcm cipher;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Map<String, Held> byId = new ConcurrentHashMap<>();
  private final Map<Scope, Held> newest = new ConcurrentHashMap<>();
  private final Map<String, Unwrapped> unwrapped = new ConcurrentHashMap<>();
  private final Map<Scope, CompletableFuture<Void>> minting = new ConcurrentHashMap<>();

  /** Whose erasure the key's destruction is, and what it seals. */
  record Scope(String tenant, String subject, String purpose) {
    Scope {
      if (tenant.isEmpty() || tenant.indexOf('/') >= 0 || subject.indexOf('/') >= 0) {
        throw new IllegalArgumentException("a tenant or subject is a name without '/'");
      }
    }
  }

  /** A key ready for use; {@code wraps} counts what it has wrapped in this process. */
  record DataKey(String id, SecretKey key, AtomicLong wraps) {}

  private record Held(
      String id, String recordKey, Scope scope, WrappedRecord record, AtomicLong wraps) {}

  private record Unwrapped(DataKey key, long untilMillis) {}

  private DataKeys(
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

  /**
   * Reads the store and follows it.
   *
   * @throws VaultException.WrongEpoch when it holds keys and none of them belongs to {@code
   *     epochs}: with another key file everything would read as erased.
   */
  public static DataKeys open(
      EpochKeys epochs,
      WrappedKeyStore store,
      AesGcm cipher,
      SecureRandom random,
      InstantSource clock) {
    DataKeys keys = new DataKeys(epochs, store, cipher, random, clock);
    store.follow(keys::apply);
    boolean oneIsOurs =
        keys.byId.values().stream().anyMatch(held -> keys.isOpenable(held.record()));
    if (!keys.byId.isEmpty() && !oneIsOurs) {
      throw new VaultException.WrongEpoch(keys.byId.values().iterator().next().record().epoch());
    }
    return keys;
  }

  /** The scope of a tenant's values while the shop is their only subject. */
  static Scope values(String tenant) {
    return new Scope(tenant, SHOP, VALUES);
  }

  /**
   * The key that seals for {@code scope} now, made if there is none or if the last one is spent.
   *
   * @throws VaultException.Unavailable when one has to be made and the store cannot be written.
   */
  DataKey forSealing(Scope scope) {
    for (int attempt = 0; attempt < 3; attempt++) {
      Held held = newest.get(scope);
      if (held != null && !isSpent(held)) {
        Optional<DataKey> key = unwrap(held);
        if (key.isPresent()) {
          return key.get();
        }
      }
      mint(scope);
    }
    throw new VaultException.Unavailable("a data key disappeared as soon as it was made");
  }

  /**
   * The key with this id; empty when it is gone.
   *
   * @throws VaultException.Tampered when its record was altered.
   */
  Optional<DataKey> forOpening(String keyId) {
    return Optional.ofNullable(byId.get(keyId)).flatMap(this::unwrap);
  }

  /**
   * A keyed hash of a domain and parts, each length-prefixed: HMAC-SHA256 under the look-up key.
   */
  @Override
  public Bytes lookupHash(String domain, byte[]... parts) {
    LengthPrefixed message = new LengthPrefixed().add(domain);
    for (byte[] part : parts) {
      message.add(part);
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(epochs.lookup());
      return Bytes.wrap(mac.doFinal(message.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  @Override
  public KeyWrap wrap(String tenant, byte[] contentKey, byte[] context) {
    return wrap(forSealing(new Scope(tenant, SHOP, ASSETS)), contentKey, context);
  }

  @Override
  public AssetKeys.Unwrapped unwrap(String tenant, KeyWrap wrap, byte[] context) {
    Optional<DataKey> key = forOpening(wrap.keyId());
    if (key.isEmpty()) {
      return new AssetKeys.Unwrapped.KeyGone();
    }
    try {
      return new AssetKeys.Unwrapped.ContentKey(Bytes.wrap(unwrap(key.get(), wrap, context)));
    } catch (AEADBadTagException e) {
      return new AssetKeys.Unwrapped.NotAuthentic();
    }
  }

  KeyWrap wrap(DataKey key, byte[] secret, byte[] context) {
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    return wrap(key, nonce, secret, context);
  }

  /** The same with a nonce that the caller drew. */
  KeyWrap wrap(DataKey key, byte[] nonce, byte[] secret, byte[] context) {
    key.wraps().incrementAndGet();
    return new KeyWrap(
        key.id(), Bytes.wrap(nonce), Bytes.wrap(cipher.seal(key.key(), nonce, context, secret)));
  }

  byte[] unwrap(DataKey key, KeyWrap wrap, byte[] context) throws AEADBadTagException {
    if (wrap.nonce().length() != AesGcm.NONCE_BYTES) {
      throw new AEADBadTagException("a nonce of another length");
    }
    return cipher.open(key.key(), wrap.nonce().toArray(), context, wrap.wrapped().toArray());
  }

  /**
   * Hides every record of a tenant, its keys and its entry in the directory, and forgets what was
   * unwrapped. It is final when the epoch key is destroyed.
   *
   * @throws VaultException.Unavailable when the store cannot be written; the call may be repeated.
   */
  public void eraseTenant(String tenant) {
    byId.values().stream()
        .filter(held -> held.scope().tenant().equals(tenant))
        .map(Held::recordKey)
        .toList()
        .forEach(store::tombstone);
    store.tombstone(TenantDirectory.recordKey(tenant));
  }

  /** Forgets every unwrapped key. */
  @Override
  public void close() {
    unwrapped.clear();
  }

  private boolean isOpenable(WrappedRecord record) {
    return epochs.key(record.epoch()).isPresent();
  }

  private boolean isSpent(Held held) {
    return held.wraps().get() >= MAX_WRAPS
        || !clock.instant().isBefore(held.record().createdAt().plus(MAX_AGE));
  }

  private Optional<DataKey> unwrap(Held held) {
    long now = clock.millis();
    Unwrapped cached = unwrapped.get(held.id());
    if (cached != null && now < cached.untilMillis()) {
      return Optional.of(cached.key());
    }
    Optional<byte[]> key = held.record().open(held.recordKey(), epochs, cipher);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    DataKey made = new DataKey(held.id(), new SecretKeySpec(key.get(), "AES"), held.wraps());
    if (unwrapped.size() >= MAX_UNWRAPPED) {
      unwrapped.values().removeIf(entry -> now >= entry.untilMillis());
    }
    if (unwrapped.size() >= MAX_UNWRAPPED) {
      // Rare, and cheap to refill: an unwrap costs a few microseconds.
      unwrapped.clear();
    }
    unwrapped.put(held.id(), new Unwrapped(made, now + UNWRAPPED_FOR.toMillis()));
    if (!byId.containsKey(held.id())) {
      // Erased between the look-up and the put.
      unwrapped.remove(held.id());
      return Optional.empty();
    }
    return Optional.of(made);
  }

  /** Makes one key, however many ask at once; the others wait for the one and fail with it. */
  private void mint(Scope scope) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> running = minting.putIfAbsent(scope, mine);
    if (running != null) {
      try {
        running.join();
      } catch (CompletionException e) {
        throw new VaultException.Unavailable("no data key could be made", e.getCause());
      }
      return;
    }
    try {
      Held held = newest.get(scope);
      if (held == null || isSpent(held) || !isOpenable(held.record())) {
        put(scope);
      }
      mine.complete(null);
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      minting.remove(scope);
    }
  }

  private void put(Scope scope) {
    String id = Base32.random(random);
    String recordKey = scope.tenant() + "/" + scope.subject() + "/" + id;
    byte[] key = new byte[AesGcm.KEY_BYTES];
    random.nextBytes(key);
    WrappedRecord record =
        WrappedRecord.seal(
            recordKey, scope.purpose(), laterThanTheNewest(scope), key, epochs, cipher, random);
    store.put(recordKey, record.encode());
    LOG.atInfo()
        .addKeyValue("tenant", scope.tenant())
        .addKeyValue("purpose", scope.purpose())
        .addKeyValue("key", id)
        .log("data key made");
  }

  /** A key that follows a spent one must count as newer, also when both are made in one instant. */
  private Instant laterThanTheNewest(Scope scope) {
    Instant now = clock.instant();
    Held held = newest.get(scope);
    if (held == null || now.isAfter(held.record().createdAt())) {
      return now;
    }
    return held.record().createdAt().plusMillis(1);
  }

  private void apply(Entry entry) {
    String[] parts = entry.key().split("/", -1);
    if (parts.length != 3 || parts[0].isEmpty()) {
      return;
    }
    String id = parts[2];
    if (entry.value().isEmpty()) {
      remove(id);
      return;
    }
    Optional<WrappedRecord> record = WrappedRecord.decode(entry.value().get());
    if (record.isEmpty()) {
      LOG.atError().addKeyValue("record", entry.key()).log("wrapped key record cannot be read");
      return;
    }
    Scope scope = new Scope(parts[0], parts[1], record.get().purpose());
    // A record written again, wrapped by another epoch, is the same key with the same count.
    Held earlier = byId.get(id);
    AtomicLong wraps = earlier == null ? new AtomicLong() : earlier.wraps();
    Held held = new Held(id, entry.key(), scope, record.get(), wraps);
    byId.put(id, held);
    unwrapped.remove(id);
    newest.merge(scope, held, (one, other) -> NEWEST.compare(one, other) >= 0 ? one : other);
  }

  private void remove(String id) {
    Held gone = byId.remove(id);
    unwrapped.remove(id);
    if (gone == null) {
      return;
    }
    newest.computeIfPresent(
        gone.scope(),
        (scope, current) ->
            !current.id().equals(id)
                ? current
                : byId.values().stream()
                    .filter(held -> held.scope().equals(scope))
                    .max(NEWEST)
                    .orElse(null));
  }

  /** A rewrap to another epoch keeps a key's age; equal ages are told apart by name. */
  private static final Comparator<Held> NEWEST =
      Comparator.comparing((Held held) -> held.record().createdAt())
          .thenComparing(Held::id)
          .thenComparing(held -> held.record().epoch());
}
