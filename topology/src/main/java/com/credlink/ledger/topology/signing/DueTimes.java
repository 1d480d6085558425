package com.credlink.ledger.topology.signing;

import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Table;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * What time will decide, ordered by when. An entry is a reminder, not a verdict: when it comes due
 * the state is read again, and a reminder that has lost its reason does nothing. So none ever has
 * to be found and removed.
 */
final class DueTimes {

  /**
   * How many reminders one tick works off; the next tick goes on. Few enough that the log does not
   * wait for them.
   */
  static final int MAX_PER_TICK = 500;

  private final Table store;

  /**
   * Everything before it was taken out, in milliseconds. A search that began at the first row would
   * pass over every one that was ever removed.
   */
  private long taken;

  DueTimes(Table store) {
    this.store = store;
  }

  /**
   * A reminder.
   *
   * @param kind why, such as {@code LEASE}
   * @param tenant tenant
   * @param subject what it is about: a request id or an image's source
   * @param attempt the attempt that it is about; one that was followed by another has lost its
   *     reason
   */
  record Reminder(String kind, String tenant, String subject, int attempt) {}

  void remind(Instant at, Reminder reminder) {
    store.put(
        Keys.ordered(
            Math.max(at.toEpochMilli(), taken),
            reminder.kind(),
            reminder.tenant(),
            reminder.subject()),
        BigInteger.valueOf(reminder.attempt()).toByteArray());
  }

  /** Takes out all reminders that are due at {@code now}, oldest first. */
  List<Reminder> due(Instant now) {
    if (now.toEpochMilli() < taken) {
      taken = 0; // the clock was set back
    }
    List<Reminder> due = new ArrayList<>();
    List<byte[]> rows = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> entries =
        store.range(Keys.ordered(taken), Keys.ordered(now.toEpochMilli() + 1))) {
      while (entries.hasNext() && due.size() < MAX_PER_TICK) {
        KeyValue<byte[], byte[]> entry = entries.next();
        rows.add(entry.key);
        due.add(reminder(entry.key, entry.value));
      }
      taken = entries.hasNext() ? Keys.leadingNumber(entries.peekNextKey()) : now.toEpochMilli();
    }
    rows.forEach(store::delete);
    return due;
  }

  private static Reminder reminder(byte[] key, byte[] attempt) {
    String text = new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
    String[] parts = text.split("\0", -1);
    return new Reminder(parts[0], parts[1], parts[2], new BigInteger(attempt).intValueExact());
  }
}
