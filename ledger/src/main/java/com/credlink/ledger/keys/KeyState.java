package com.credlink.ledger.keys;

/**
 * Where a key stands in its life.
 *
 * <pre>
 * CREATED ─▶ ACTIVE ─▶ VERIFY_ONLY ─▶ RETIRED ─▶ DESTROYED
 *    └───────────────────────────────────▲
 * </pre>
 *
 * A key is made and its certificate issued before anything is signed with it ({@link #CREATED}),
 * signs new requests ({@link #ACTIVE}), then signs only what was promised to it ({@link
 * #VERIFY_ONLY} keeps the private key so that a request which fixed the key before the change can
 * still be signed again bit for bit), then signs nothing ({@link #RETIRED}), and at last its
 * private half is gone ({@link #DESTROYED}). Public halves stay listed for ever.
 */
public enum KeyState {
  CREATED,
  ACTIVE,
  VERIFY_ONLY,
  RETIRED,
  DESTROYED;

  /** Whether a new request may fix this key. */
  public boolean isForNewRequests() {
    return this == ACTIVE;
  }

  /** Whether the private key may be used at all, be it for a request that fixed it earlier. */
  public boolean maySign() {
    return switch (this) {
      case ACTIVE, VERIFY_ONLY -> true;
      case CREATED, RETIRED, DESTROYED -> false;
    };
  }

  /** Whether the step from this state to {@code next} is one of the diagram's arrows. */
  public boolean canBecome(KeyState next) {
    return switch (this) {
      case CREATED -> next == ACTIVE || next == RETIRED;
      case ACTIVE -> next == VERIFY_ONLY;
      case VERIFY_ONLY -> next == RETIRED;
      case RETIRED -> next == DESTROYED;
      case DESTROYED -> false;
    };
  }
}
