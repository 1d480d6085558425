package com.credlink.ledger.event;

/** How far the delivery's claims are authenticated. */
public enum Provenance {
  /** The HMAC covers the body, and the body itself names the shop. */
  BODY_NAMES_SHOP,
  /** The HMAC covers the body; the shop is claimed by a header and was installed. */
  HEADER_NAMES_SHOP,
  UNKNOWN
}
