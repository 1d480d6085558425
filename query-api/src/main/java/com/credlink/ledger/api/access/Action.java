package com.credlink.ledger.api.access;

/** What can be asked for. */
public enum Action {
  /** Ask for a signature. */
  SIGNING_REQUEST_CREATE("signing-request.create", "signing-request"),
  /** Read a request's status, history or signature. */
  SIGNING_REQUEST_READ("signing-request.read", "signing-request"),
  /** List a shop's requests. */
  SIGNING_REQUEST_LIST("signing-request.list", "signing-request"),
  /** Cancel a request. */
  SIGNING_REQUEST_CANCEL("signing-request.cancel", "signing-request"),
  /** Send a dead-lettered request on. */
  SIGNING_REQUEST_REDRIVE("signing-request.redrive", "signing-request"),
  /** Decide on a request that awaits approval or is disputed. */
  SIGNING_REQUEST_APPROVE("signing-request.approve", "signing-request"),
  /** Upload an asset. */
  ASSET_WRITE("asset.write", "asset"),
  /** List a shop's facts. */
  EVENT_LIST("event.list", "event"),
  /** List all facts. */
  EVENT_LIST_ALL("event.list-all", "event"),
  /** Read one fact. */
  EVENT_READ("event.read", "event"),
  /** Append a decision that was made elsewhere. */
  DECISION_APPEND("decision.append", "auth-decision"),
  /** Install a shop. */
  SHOP_INSTALL("shop.install", "shop"),
  /** Create or revoke a token. */
  TOKEN_MANAGE("token.manage", "token"),
  /** See the signing keys with their certificates. */
  KEY_READ("key.read", "key"),
  /** Replace, certify or end a signing key. */
  KEY_MANAGE("key.manage", "key");

  private final String label;
  private final String resourceType;

  Action(String label, String resourceType) {
    this.label = label;
    this.resourceType = resourceType;
  }

  /** Name in every interface. */
  public String label() {
    return label;
  }

  /** Kind of thing that it is about. */
  public String resourceType() {
    return resourceType;
  }
}
