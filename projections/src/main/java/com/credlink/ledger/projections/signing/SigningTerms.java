package com.credlink.ledger.projections.signing;

import java.util.Set;

/**
 * What policy asks of a request. It is written into the request's fact, so that a later policy does
 * not change an earlier request.
 *
 * @param approvals how many operators must approve a request; 0 for none
 * @param approvedShops domains of the shops whose requests need approvals; empty for all
 * @param timestamps whether a signed file is to have a time-stamp
 * @param pendingLimit requests of one tenant that may be open at once
 */
public record SigningTerms(
    int approvals, Set<String> approvedShops, boolean timestamps, int pendingLimit) {

  /** Requests of one tenant that may be open at once, where no policy says otherwise. */
  public static final int PENDING_LIMIT = 10_000;

  /** Nothing is asked. */
  public static final SigningTerms NONE = new SigningTerms(0, Set.of(), false, PENDING_LIMIT);

  public SigningTerms {
    approvedShops = Set.copyOf(approvedShops);
  }

  /** How many approvals a request of the shop with {@code domain} needs. */
  public int approvals(String domain) {
    return approvedShops.isEmpty() || approvedShops.contains(domain) ? approvals : 0;
  }
}
