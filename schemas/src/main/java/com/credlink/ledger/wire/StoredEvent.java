package com.credlink.ledger.wire;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.LedgerEvent;

/** A value of the log as far as this version of the software understands it. */
public sealed interface StoredEvent {

  /** The id of the writer schema. */
  int schemaId();

  /**
   * An event of the catalogue.
   *
   * @param schemaId the id of the writer schema.
   * @param event the event.
   */
  record Known(int schemaId, LedgerEvent event) implements StoredEvent {}

  /**
   * A fact that a newer version wrote. It is not applied, but its leaf counts.
   *
   * @param schemaId the id of the writer schema.
   * @param typeName full name of the record type; empty if the schema cannot be read.
   * @param value the whole value, prefix included.
   */
  record Unknown(int schemaId, String typeName, Bytes value) implements StoredEvent {}
}
