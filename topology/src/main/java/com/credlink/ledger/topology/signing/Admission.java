package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.projections.intake.FirstSeen;
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

  private final Table store;
  private final StoreCodecs codecs;
  private final int maxPending;

  Admission(Table store, StoreCodecs codecs, int maxPending) {
    this.store = store;
    this.codecs = codecs;
    this.maxPending = maxPending;
  }

  /** Where the first request of an idempotency key is remembered. */
  public static byte[] key(String tenant, Bytes idempotencyKeyHash) {
    return Keys.of(tenant, KEY, idempotencyKeyHash.hex());
  }

  /**
   * Whether {@code event} makes a request; if so its key and its place among the pending are taken.
   */
  boolean admit(SigningRequested event) {
    Optional<byte[]> key = event.idempotencyKeyHash().map(hash -> key(event.tenant(), hash));
    if (key.isPresent() && isTaken(key.get(), event)) {
      return false;
    }
    int pending = pending(event.tenant());
    if (pending >= maxPending) {
      return false;
    }
    setPending(event.tenant(), pending + 1);
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
    return true;
  }

  private boolean isTaken(byte[] key, SigningRequested event) {
    return Optional.ofNullable(store.get(key))
        .map(codecs.firstSeen()::deserialize)
        .filter(first -> first.remembered(event.header().recordedAt(), FirstSeen.MEMORY))
        .isPresent();
  }

  /** A request is settled, or, after a redrive, unsettled again. */
  void settled(String tenant, int change) {
    setPending(tenant, pending(tenant) + change);
  }

  private int pending(String tenant) {
    byte[] value = store.get(Keys.of(tenant, PENDING));
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }

  private void setPending(String tenant, int count) {
    store.put(Keys.of(tenant, PENDING), ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
  }
}
