package com.credlink.ledger.timestamp;

import com.credlink.ledger.event.Bytes;
import java.time.Instant;

/**
 * A time-stamp that was checked.
 *
 * @param token the TimeStampToken, in DER
 * @param time that it proves
 * @param authority who made it: the name by which it is configured
 */
public record Timestamp(Bytes token, Instant time, String authority) {}
