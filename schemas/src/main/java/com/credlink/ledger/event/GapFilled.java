package com.credlink.ledger.event;

/**
 * A gap was filled from another source, named in the header.
 *
 * @param header common header.
 * @param gapEventId the gap.
 * @param recovered how many facts were recovered.
 */
public record GapFilled(EventHeader header, String gapEventId, long recovered)
    implements LedgerEvent {}
