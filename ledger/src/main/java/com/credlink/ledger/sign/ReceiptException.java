package com.credlink.ledger.sign;

/** A text is no receipt, or not one of the keys that are known. */
public abstract sealed class ReceiptException extends RuntimeException {

  private ReceiptException(String message) {
    super(message);
  }

  /** It is not in the form of a receipt. */
  public static final class Malformed extends ReceiptException {
    Malformed(String what) {
      super("not a receipt: " + what);
    }
  }

  /** No known key could have signed it. */
  public static final class UnknownKey extends ReceiptException {
    UnknownKey() {
      super("the receipt is not of a key that is known to sign receipts");
    }
  }

  /** It claims to be of a known key and is not. */
  public static final class BadSignature extends ReceiptException {
    BadSignature(String keyId) {
      super("the signature of key '%s' on the receipt does not verify".formatted(keyId));
    }
  }
}
