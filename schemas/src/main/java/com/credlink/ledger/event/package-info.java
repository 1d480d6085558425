/**
 * The facts of the ledger as sealed Java records, one for each Avro record in {@code /avro/*.avdl}.
 */
package com.credlink.ledger.event;
