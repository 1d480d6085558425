package com.credlink.ledger.event;

/**
 * A pass over a whole log has ended: every record, leaf and stored checkpoint is as it was signed.
 *
 * @param header common header.
 * @param partition partition whose log it is.
 * @param origin origin of the log.
 * @param size how many records were hashed again.
 * @param root root over them.
 * @param checkpoints how many stored checkpoints were compared.
 */
public record LogVerified(
    EventHeader header, int partition, String origin, long size, Bytes root, long checkpoints)
    implements LedgerEvent {}
