package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.wire.RecordCodec;

/** What is left of a state after a crash: the bytes in its store, by the schema of the store. */
final class StateBytes {

  private static final RecordCodec<StoredSigning> CODEC =
      RecordCodec.of(
          StoredSigning.class,
          EventCatalogue.load().schema("com.credlink.ledger.state.StoredSigning"));

  private StateBytes() {}

  /** {@code state} as another process finds it. */
  static SigningState reread(SigningState state) {
    return CODEC.decode(CODEC.encode(StoredSigning.of(state))).toState();
  }
}
