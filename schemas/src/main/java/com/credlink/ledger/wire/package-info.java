/** From records to bytes and back: Avro binary in the Confluent wire format, and a JSON view. */
package com.credlink.ledger.wire;
