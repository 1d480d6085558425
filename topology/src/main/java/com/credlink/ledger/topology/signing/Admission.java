package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.projections.signing.SigningTerms;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Table;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Which requests count: one for each idempotency key, and no more pending ones of a tenant than the
 * limit.
 */
public final class Admission {

  private static final String KEY = "k";
  private static final String PENDING = "p";
  private static final String WAITING = "w";
  private static final String PLACES = "n";

  private final Table store;
  private final StoreCodecs codecs;

  Admission(Table store, StoreCodecs codecs) {
    this.store = store;
    this.codecs = codecs;
  }

  /**
   * Open requests of a tenant.
   *
   * @param count how many
   * @param limit how many there may be, as the newest fact that asked for a place says: so the
   *     verdict follows from the log and not from how a node is configured
   */
  private record Pending(int count, int limit) {

    static final Pending NONE = new Pending(0, SigningTerms.PENDING_LIMIT);

    static Pending read(byte[] row) {
      ByteBuffer buffer = ByteBuffer.wrap(row);
      return new Pending(buffer.getInt(), buffer.getInt());
    }

    byte[] row() {
      return ByteBuffer.allocate(2 * Integer.BYTES).putInt(count).putInt(limit).array();
    }

    Pending with(int change) {
      return new Pending(count + change, limit);
    }

    Pending limitedTo(int stated) {
      return stated == 0 ? this : new Pending(count, stated);
    }
  }

  /** Where the first request of an idempotency key is remembered. */
  public static byte[] key(String tenant, Bytes idempotencyKeyHash) {
    return Keys.of(tenant, KEY, idempotencyKeyHash.hex());
  }

  /**
   * Whether {@code event} makes a request; if so its key and its place among the pending are taken,
   * and if not the answer says why. The request of an image has its place since {@link #reserve}.
   */
  Optional<String> turnAway(SigningRequested event) {
    Optional<byte[]> key = event.idempotencyKeyHash().map(hash -> key(event.tenant(), hash));
    if (key.isPresent() && isTaken(key.get(), event)) {
      return Optional.of(DeliveryVerdict.SAME_KEY);
    }
    if (event.origin().isEmpty() && !reserve(event.tenant(), event.pendingLimit())) {
      return Optional.of(DeliveryVerdict.TOO_MANY_PENDING);
    }
    key.ifPresent(
        k ->
            store.put(
                k,
                codecs
                    .firstSeen()
                    .serialize(
                        new FirstSeen(
                            event.requestId(),
                            event.tenant(),
                            event.header().recordedAt(),
                            event.requestHash()))));
    return Optional.empty();
  }

  /**
   * Takes a place among the pending; false when there is none.
   *
   * @param limit as the fact states it that asks; 0 for none
   */
  boolean reserve(String tenant, int limit) {
    Pending pending = pending(tenant).limitedTo(limit);
    boolean isFree = pending.count() < pending.limit();
    put(tenant, isFree ? pending.with(1) : pending);
    return isFree;
  }

  /** A stored image for which there was no place waits for one, in the order of the log. */
  void await(String tenant, byte[] stored) {
    Places places = places(tenant);
    store.put(Keys.of(places.end(), tenant, WAITING), stored);
    put(tenant, new Places(places.first(), places.end() + 1));
  }

  /**
   * The stored image that has waited longest, with a place among the pending, if there are both.
   */
  Optional<byte[]> next(String tenant) {
    Places places = places(tenant);
    if (places.first() == places.end() || !reserve(tenant, 0)) {
      return Optional.empty();
    }
    put(tenant, new Places(places.first() + 1, places.end()));
    return Optional.of(store.delete(Keys.of(places.first(), tenant, WAITING)));
  }

  /** Numbers of the images that wait: from the first to before the end. */
  private record Places(long first, long end) {}

  private Places places(String tenant) {
    byte[] row = store.get(Keys.of(tenant, PLACES));
    if (row == null) {
      return new Places(0, 0);
    }
    ByteBuffer buffer = ByteBuffer.wrap(row);
    return new Places(buffer.getLong(), buffer.getLong());
  }

  private void put(String tenant, Places places) {
    store.put(
        Keys.of(tenant, PLACES),
        ByteBuffer.allocate(2 * Long.BYTES).putLong(places.first()).putLong(places.end()).array());
  }

  private boolean isTaken(byte[] key, SigningRequested event) {
    return Optional.ofNullable(store.get(key))
        .map(codecs.firstSeen()::deserialize)
        .filter(first -> first.remembered(event.header().recordedAt(), FirstSeen.MEMORY))
        .isPresent();
  }

  /** A request is settled, or, after a redrive, unsettled again. */
  void settled(String tenant, int change) {
    put(tenant, pending(tenant).with(change));
  }

  private Pending pending(String tenant) {
    byte[] row = store.get(Keys.of(tenant, PENDING));
    return row == null ? Pending.NONE : Pending.read(row);
  }

  private void put(String tenant, Pending pending) {
    store.put(Keys.of(tenant, PENDING), pending.row());
  }
}
