package com.credlink.ledger.api.access;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RefusalsCounted;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Refusals without a valid credential. The first for each route, reason and source prefix in a
 * minute is written at once, the others as one count when the minute is over, so that nobody can
 * fill a log that is never emptied.
 */
public final class Refusals {

  /** Keys counted apart in one minute; what exceeds them is counted under {@code other}. */
  public static final int MAX_KEYS = 100;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final String OTHER = "other";

  private final Consumer<LedgerEvent> append;
  private final Function<byte[], Bytes> keyedHash;
  private final InstantSource clock;
  private final Ids ids;
  private final Map<Key, Count> counts = new HashMap<>();
  private Instant windowEnd = Instant.EPOCH;

  private record Key(String route, String reason, String prefix) {}

  private record Count(long more, Instant first, Instant last) {
    Count plus(Instant at) {
      return new Count(more + 1, more == 0 ? at : first, at);
    }
  }

  /**
   * Counts.
   *
   * @param append writes a fact without being waited for
   * @param keyedHash hides the source prefix
   */
  public Refusals(
      Consumer<LedgerEvent> append,
      Function<byte[], Bytes> keyedHash,
      InstantSource clock,
      Ids ids) {
    this.append = append;
    this.keyedHash = keyedHash;
    this.clock = clock;
    this.ids = ids;
  }

  /** Counts a refused request. */
  public void refused(Context ctx, String route, Problem problem) {
    refused(route, problem, ctx.req().getRemoteAddr());
  }

  void refused(String route, Problem problem, String address) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Optional<RefusalsCounted> first;
    synchronized (this) {
      tick(now);
      Key key = new Key(route, problem.label(), prefix(address));
      if (!counts.containsKey(key) && counts.size() >= MAX_KEYS) {
        key = new Key(OTHER, OTHER, OTHER);
      }
      Count count = counts.get(key);
      first =
          count == null ? Optional.of(event(key, new Count(1, now, now), now)) : Optional.empty();
      counts.put(key, count == null ? new Count(0, now, now) : count.plus(now));
    }
    first.ifPresent(append);
  }

  /** Writes what was counted when its minute is over; called every few seconds. */
  public void tick() {
    synchronized (this) {
      tick(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }
  }

  private void tick(Instant now) {
    if (now.isBefore(windowEnd)) {
      return;
    }
    flush(now);
    windowEnd = now.plus(WINDOW);
  }

  /** Writes what was counted so far, for a clean stop. */
  public synchronized void flush() {
    flush(clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  private void flush(Instant now) {
    List<RefusalsCounted> events =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue().more() > 0)
            .map(entry -> event(entry.getKey(), entry.getValue(), now))
            .toList();
    counts.clear();
    events.forEach(append);
  }

  private RefusalsCounted event(Key key, Count count, Instant now) {
    String id = ids.next();
    return new RefusalsCounted(
        new EventHeader(
            id,
            LedgerEvent.PLATFORM,
            count.last(),
            now,
            new Actor(ActorType.ANONYMOUS, key.prefix()),
            "gateway/refusals",
            id,
            Optional.empty(),
            Optional.empty()),
        key.route(),
        key.reason(),
        key.prefix(),
        count.more(),
        count.first(),
        count.last());
  }

  /** Keyed hash of the /24 or /48 that the address lies in. */
  private String prefix(String address) {
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return keyedHash
          .apply(Arrays.copyOf(bytes, bytes.length == 4 ? 3 : 6))
          .hex()
          .substring(0, 16);
    } catch (UnknownHostException e) {
      return OTHER;
    }
  }
}
