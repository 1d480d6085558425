package com.credlink.ledger.log;

/**
 * A record that the log has acknowledged.
 *
 * @param position where it stands.
 * @param key its key, not to be changed.
 * @param value its value, not to be changed.
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once; nobody compares them.
public record Appended(Position position, byte[] key, byte[] value) {}
