package com.credlink.ledger.cbor;

/** The bytes are no CBOR, or more nested than anybody needs. */
public final class CborException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CborException(String message) {
    super(message);
  }
}
