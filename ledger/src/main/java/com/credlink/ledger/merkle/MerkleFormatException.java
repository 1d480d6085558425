package com.credlink.ledger.merkle;

/** Bytes or text from outside are not what they were taken for. */
public final class MerkleFormatException extends RuntimeException {

  MerkleFormatException(String kind, String what) {
    super("not a %s: %s".formatted(kind, what));
  }
}
