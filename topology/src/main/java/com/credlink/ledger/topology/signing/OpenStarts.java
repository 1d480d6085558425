package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.projections.signing.HistoryEntry;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Table;

/**
 * Operations that began and of which no outcome is known. A key may have been used for each of them
 * without a record of what came of it: a worker died, or its outcome was lost. Every start counts,
 * whether the fold accepted it or not, because the key does not know the fold.
 */
public final class OpenStarts {

  private final Table store;
  private final StoreCodecs codecs;

  OpenStarts(Table store, StoreCodecs codecs) {
    this.store = store;
    this.codecs = codecs;
  }

  /** Key of a start. */
  public static byte[] key(String tenant, String requestId, String startedEventId) {
    return Keys.of(tenant, requestId, startedEventId);
  }

  void record(LedgerEvent event) {
    switch (event) {
      case SigningStarted e ->
          store.put(
              key(e.tenant(), e.requestId(), e.eventId()),
              codecs
                  .historyEntry()
                  .serialize(
                      new HistoryEntry(
                          "SIGNING",
                          e.header().recordedAt(),
                          e.eventId(),
                          e.type(),
                          e.attempt(),
                          e.worker())));
      case AssetSigned e -> ended(e, e.requestId());
      case SigningAttemptFailed e -> ended(e, e.requestId());
      default -> {
        // begins and ends nothing
      }
    }
  }

  /** An outcome names the start that it is of. */
  private void ended(LedgerEvent outcome, String requestId) {
    outcome
        .header()
        .causationId()
        .ifPresent(start -> store.delete(key(outcome.tenant(), requestId, start)));
  }
}
