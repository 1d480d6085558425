package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Fairness between tenants: at most {@link #MAX_OUT} jobs of a tenant and lane are out at once, the
 * others wait in the order in which they came. One tenant's library of 100,000 images therefore
 * never stands before another's single one.
 */
final class LaneQueue {

  /** Jobs of one tenant and lane that may be with workers at the same time. */
  static final int MAX_OUT = 64;

  private static final String LANE = "n";
  private static final String OUT = "o";
  private static final String WAITING = "w";

  private final Table store;

  LaneQueue(Table store) {
    this.store = store;
  }

  /**
   * A lane of a tenant. What waits is found by its number and never by a search: a store in which
   * rows are taken from the front would have to pass over all that were taken before.
   *
   * @param out jobs with workers
   * @param first number of the job that has waited longest
   * @param end number that the next one to wait will get; {@code first} when none waits
   */
  private record Places(int out, long first, long end) {

    static final Places EMPTY = new Places(0, 0, 0);
    private static final int BYTES = Integer.BYTES + 2 * Long.BYTES;

    static Places read(byte[] row) {
      ByteBuffer buffer = ByteBuffer.wrap(row);
      return new Places(buffer.getInt(), buffer.getLong(), buffer.getLong());
    }

    byte[] row() {
      return ByteBuffer.allocate(BYTES).putInt(out).putLong(first).putLong(end).array();
    }

    Places oneMoreOut() {
      return new Places(out + 1, first, end);
    }

    Places oneLessOut() {
      return new Places(out - 1, first, end);
    }

    Places oneMoreWaiting() {
      return new Places(out, first, end + 1);
    }

    /** The longest waiting one takes the place of another. */
    Places oneLessWaiting() {
      return new Places(out, first + 1, end);
    }
  }

  /** Whether {@code job} may go out now; if so it counts as out, otherwise it waits its turn. */
  boolean admit(String tenant, Lane lane, String job) {
    Places places = places(tenant, lane);
    if (places.out() < MAX_OUT) {
      store.put(out(tenant, job), utf8(lane.name()));
      put(tenant, lane, places.oneMoreOut());
      return true;
    }
    store.put(waiting(tenant, lane, places.end()), utf8(job));
    put(tenant, lane, places.oneMoreWaiting());
    return false;
  }

  /** Whether {@code job} is with a worker. */
  boolean isOut(String tenant, String job) {
    return store.get(out(tenant, job)) != null;
  }

  /** Takes {@code job} back if it was out; the answer is the job that may go out in its place. */
  Optional<String> release(String tenant, String job) {
    byte[] lane = store.delete(out(tenant, job));
    return lane == null ? Optional.empty() : next(tenant, Lane.valueOf(text(lane)));
  }

  private Optional<String> next(String tenant, Lane lane) {
    Places places = places(tenant, lane);
    if (places.first() == places.end()) {
      put(tenant, lane, places.oneLessOut());
      return Optional.empty();
    }
    String job = text(store.delete(waiting(tenant, lane, places.first())));
    store.put(out(tenant, job), utf8(lane.name()));
    put(tenant, lane, places.oneLessWaiting());
    return Optional.of(job);
  }

  private Places places(String tenant, Lane lane) {
    byte[] row = store.get(Keys.of(tenant, LANE, lane.name()));
    return row == null ? Places.EMPTY : Places.read(row);
  }

  private void put(String tenant, Lane lane, Places places) {
    store.put(Keys.of(tenant, LANE, lane.name()), places.row());
  }

  private static byte[] out(String tenant, String job) {
    return Keys.of(tenant, OUT, job);
  }

  private static byte[] waiting(String tenant, Lane lane, long number) {
    return Keys.of(number, tenant, WAITING, lane.name());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
