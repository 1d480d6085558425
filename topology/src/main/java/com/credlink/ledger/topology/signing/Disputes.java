package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Table;

/**
 * Requests whose webhook may have been replayed under this shop. What was signed for them is not
 * handed out until an operator has decided; an approval ends the dispute, a rejection leaves it.
 */
public final class Disputes {

  /** Why a request is cancelled. */
  static final String REASON = "webhook_replay_suspected";

  private static final byte[] OPEN = {0};
  private static final byte[] REJECTED = {1};

  private final Table store;

  Disputes(Table store) {
    this.store = store;
  }

  /** How a dispute stands. */
  public enum Standing {
    /** Nobody has decided. */
    OPEN,
    /** An operator found that it is not this shop's. */
    REJECTED
  }

  /** Key of a request's dispute. */
  public static byte[] key(String tenant, String requestId) {
    return Keys.of(tenant, requestId);
  }

  /** How the dispute of {@code row} stands. */
  public static Standing standing(byte[] row) {
    return row[0] == REJECTED[0] ? Standing.REJECTED : Standing.OPEN;
  }

  /** The request is disputed from now on, unless it was before. */
  void open(WebhookReplaySuspected suspected, String requestId) {
    byte[] key = key(suspected.tenant(), requestId);
    if (store.get(key) == null) {
      store.put(key, OPEN);
    }
  }

  /** Whether a request is disputed, decided or not. */
  boolean isDisputed(String tenant, String requestId) {
    return store.get(key(tenant, requestId)) != null;
  }

  /** An operator has decided; a word on a request that is not disputed changes nothing. */
  void decided(SigningApproved event) {
    byte[] key = key(event.tenant(), event.requestId());
    if (store.get(key) == null) {
      return;
    }
    if (event.decision() == ApprovalDecision.APPROVE) {
      store.delete(key);
    } else {
      store.put(key, REJECTED);
    }
  }
}
