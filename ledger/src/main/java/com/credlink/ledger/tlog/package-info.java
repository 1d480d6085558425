/**
 * Reads and verifies tiled transparency logs (c2sp.org/tlog-tiles), ours or anybody's, from a
 * directory or over HTTP. Knows no Kafka.
 */
package com.credlink.ledger.tlog;
