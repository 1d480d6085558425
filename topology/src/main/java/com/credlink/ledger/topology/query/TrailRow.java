package com.credlink.ledger.topology.query;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.topology.audit.TrailFold;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.wire.EventSerde;
import java.time.Instant;
import java.util.Optional;

/**
 * One fact in the trail: its bytes as they are in the log, and what the folds found out about it.
 *
 * @param partition partition in {@code ledger.events}
 * @param offset offset in {@code ledger.events}
 * @param type type, such as {@code AssetSigned}; empty for one that this version does not know
 * @param eventId event id; empty for an unknown type
 * @param tenant tenant; empty for an unknown type
 * @param recordedAt when the ledger took it
 * @param duplicateOf the first event of which this is a duplicate
 * @param sameBodyAs the first delivery with the same body under another webhook id
 * @param turnedAway why a signing request makes none
 * @param value the record's value, exactly
 */
public record TrailRow(
    int partition,
    long offset,
    String type,
    String eventId,
    String tenant,
    Instant recordedAt,
    Optional<String> duplicateOf,
    Optional<String> sameBodyAs,
    Optional<String> turnedAway,
    Bytes value) {

  /**
   * The row that the trail keeps as {@code stored}.
   *
   * @param verdict what the folds found out about the record there
   */
  public static TrailRow of(
      Position position, byte[] stored, EventSerde serde, DeliveryVerdict verdict) {
    byte[] value = TrailFold.value(stored);
    return switch (LogValue.read(serde, value)) {
      case LogValue.Event known -> known(position, known.event(), verdict, value);
      case LogValue.Opaque other ->
          unknown(position, other.type(), TrailFold.timestamp(stored), value);
      case LogValue.Unreadable other ->
          unknown(position, other.type(), TrailFold.timestamp(stored), value);
    };
  }

  private static TrailRow known(
      Position position, LedgerEvent event, DeliveryVerdict verdict, byte[] value) {
    return new TrailRow(
        position.partition(),
        position.offset(),
        event.type(),
        event.eventId(),
        event.tenant(),
        event.header().recordedAt(),
        verdict.duplicateOf(),
        verdict.sameBodyAs(),
        verdict.turnedAway(),
        Bytes.wrap(value));
  }

  private static TrailRow unknown(Position position, String type, Instant timestamp, byte[] value) {
    return new TrailRow(
        position.partition(),
        position.offset(),
        type,
        "",
        "",
        timestamp,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Bytes.wrap(value));
  }
}
