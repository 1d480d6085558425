package com.credlink.ledger.sign;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.log.Appended;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.merkle.Hash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * Signs receipts for facts that the log has acknowledged. A receipt commits to what was written
 * here, with the schema that it was written with; neither log nor registry is asked for it. Safe
 * for many threads.
 */
public final class Receipts {

  /**
   * How long after an event a checkpoint must cover it. One takes about a second; the rest is for a
   * node that dies and grows its tree again.
   */
  public static final Duration INCLUSION = Duration.ofMinutes(1);

  private final String ledger;
  private final Signer key;
  private final Function<Class<? extends LedgerEvent>, byte[]> schemas;

  /**
   * Receipts of a ledger.
   *
   * @param ledger its name
   * @param key signs nothing else
   * @param schemas fingerprint of the schema that an event of a type is written with; see {@link
   *     com.credlink.ledger.wire.EventSerde#fingerprint}
   */
  public Receipts(
      String ledger, Signer key, Function<Class<? extends LedgerEvent>, byte[]> schemas) {
    this.ledger = ledger;
    this.key = key;
    this.schemas = schemas;
  }

  /** The receipt of {@code event}, which became {@code record}. */
  public String of(LedgerEvent event, Appended record) {
    return of(event.getClass(), event.eventId(), event.header().recordedAt(), record);
  }

  /** The receipt of an event of {@code type}, written with the schema of today. */
  public String of(
      Class<? extends LedgerEvent> type, String eventId, Instant recordedAt, Appended record) {
    Instant time = recordedAt.truncatedTo(ChronoUnit.MICROS); // as the record has it
    byte[] entry = EntryHasher.entry(record.key(), schemas.apply(type), record.value());
    return new Receipt(
            ledger, eventId, Hash.of(entry), record.position(), time, time.plus(INCLUSION))
        .sign(key);
  }
}
