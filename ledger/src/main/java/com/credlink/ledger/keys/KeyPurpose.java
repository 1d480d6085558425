package com.credlink.ledger.keys;

/** The one thing that a published key is used for: no key serves two purposes. */
public enum KeyPurpose {
  /** Signatures over assets. */
  ASSET_SIGNING("asset-signing"),
  /** That the ledger has accepted a fact and will show it in its log: {@code Ledger-Receipt}. */
  RECEIPT("receipt"),
  /** That a fact is in the log's tree: COSE receipts of inclusion. */
  INCLUSION("inclusion-receipt");

  private final String label;

  KeyPurpose(String label) {
    this.label = label;
  }

  /** Its name in the published set. */
  public String label() {
    return label;
  }
}
