package com.credlink.ledger.cbor;

/** The numbers of CBOR's heads (RFC 8949 section 3). */
final class Cbor {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;

  static final int NIL = 0xF6;

  /** Additional information: the argument follows in so many bytes. Below the first: is itself. */
  static final int ONE_BYTE = 24;

  static final int TWO_BYTES = 25;
  static final int FOUR_BYTES = 26;
  static final int EIGHT_BYTES = 27;

  private Cbor() {}
}
