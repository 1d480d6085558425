package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import java.util.Optional;

/**
 * One record of the log on its way through the processors.
 *
 * @param position where it stands
 * @param event the event; empty for a type that this version does not know
 * @param type its type; empty when even that cannot be told
 * @param value the record's value, exactly
 * @param verdict what the fold found out about a delivery
 */
public record Fact(
    Position position,
    Optional<LedgerEvent> event,
    String type,
    byte[] value,
    DeliveryVerdict verdict) {}
