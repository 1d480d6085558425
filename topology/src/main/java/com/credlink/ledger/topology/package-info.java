/** Kafka Streams: one class for each thing derived from the log. */
package com.credlink.ledger.topology;
