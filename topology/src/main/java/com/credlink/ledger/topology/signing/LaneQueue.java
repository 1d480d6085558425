package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.topology.streams.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Fairness between tenants: at most {@link #MAX_OUT} jobs of a tenant and lane are out at once, the
 * others wait in the order in which they came. One tenant's library of 100,000 images therefore
 * never stands before another's single one.
 */
final class LaneQueue {

  /** Jobs of one tenant and lane that may be with workers at the same time. */
  static final int MAX_OUT = 64;

  private static final String COUNT = "n";
  private static final String OUT = "o";
  private static final String WAITING = "w";
  private static final String ARRIVED = "a";

  private final KeyValueStore<byte[], byte[]> store;

  LaneQueue(KeyValueStore<byte[], byte[]> store) {
    this.store = store;
  }

  /** Whether {@code job} may go out now; if so it counts as out, otherwise it waits its turn. */
  boolean admit(String tenant, Lane lane, String job) {
    int out = count(tenant, lane);
    if (out < MAX_OUT) {
      setOut(tenant, lane, job, out + 1);
      return true;
    }
    store.put(
        Keys.of(nextArrival(tenant, lane), tenant, WAITING, lane.name()),
        job.getBytes(StandardCharsets.UTF_8));
    return false;
  }

  /** A number of its own for each job that waits: one fact may bring hundreds of them. */
  private long nextArrival(String tenant, Lane lane) {
    byte[] key = Keys.of(tenant, ARRIVED, lane.name());
    byte[] last = store.get(key);
    long next = last == null ? 0 : ByteBuffer.wrap(last).getLong() + 1;
    store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    return next;
  }

  /** Whether {@code job} is with a worker. */
  boolean isOut(String tenant, String job) {
    return store.get(out(tenant, job)) != null;
  }

  /** Takes {@code job} back if it was out; the answer is the job that may go out in its place. */
  Optional<String> release(String tenant, String job) {
    byte[] lane = store.delete(out(tenant, job));
    return lane == null
        ? Optional.empty()
        : next(tenant, Lane.valueOf(new String(lane, StandardCharsets.UTF_8)));
  }

  private Optional<String> next(String tenant, Lane lane) {
    int out = count(tenant, lane) - 1;
    byte[] prefix = Keys.of(tenant, WAITING, lane.name());
    Optional<String> next = Optional.empty();
    try (KeyValueIterator<byte[], byte[]> waiting = store.range(prefix, Keys.last(prefix))) {
      if (waiting.hasNext()) {
        KeyValue<byte[], byte[]> first = waiting.next();
        store.delete(first.key);
        next = Optional.of(new String(first.value, StandardCharsets.UTF_8));
      }
    }
    if (next.isPresent()) {
      setOut(tenant, lane, next.get(), out + 1);
    } else {
      setCount(tenant, lane, out);
    }
    return next;
  }

  private void setOut(String tenant, Lane lane, String job, int count) {
    store.put(out(tenant, job), lane.name().getBytes(StandardCharsets.UTF_8));
    setCount(tenant, lane, count);
  }

  private int count(String tenant, Lane lane) {
    byte[] value = store.get(Keys.of(tenant, COUNT, lane.name()));
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }

  private void setCount(String tenant, Lane lane, int count) {
    store.put(
        Keys.of(tenant, COUNT, lane.name()),
        ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
  }

  private static byte[] out(String tenant, String job) {
    return Keys.of(tenant, OUT, job);
  }
}
