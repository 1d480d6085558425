package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.DeliveryVerdict;

/**
 * A fact of the log that counts, on its way through the folds.
 *
 * @param position where it stands
 * @param event the event
 * @param verdict what was found out about a delivery
 */
public record Fact(Position position, LedgerEvent event, DeliveryVerdict verdict) {}
