package com.credlink.ledger.event;

/**
 * The log of a partition was ended after a loss, and another one begun.
 *
 * @param header common header.
 * @param partition partition whose log it is.
 * @param origin origin that was ended.
 * @param size the largest signed size that the records still have: what was signed beyond it is
 *     lost or changed.
 * @param root root at that size.
 * @param signedSize the size that was signed last.
 * @param signedRoot root that was signed last.
 * @param successor origin of the log that was begun; its leaf n is again the record at offset n.
 * @param reason why, in words.
 */
public record LogSealed(
    EventHeader header,
    int partition,
    String origin,
    long size,
    Bytes root,
    long signedSize,
    Bytes signedRoot,
    String successor,
    String reason)
    implements LedgerEvent {}
