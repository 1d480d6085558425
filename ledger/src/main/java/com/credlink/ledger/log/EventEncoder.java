package com.credlink.ledger.log;

import com.credlink.ledger.event.LedgerEvent;

/** Makes the value of a record from an event. */
@FunctionalInterface
public interface EventEncoder {

  /**
   * The exact bytes to append. Whatever this throws means that nothing was appended.
   *
   * @param event the fact
   */
  byte[] encode(LedgerEvent event);
}
