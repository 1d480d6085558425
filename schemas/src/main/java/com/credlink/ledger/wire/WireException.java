package com.credlink.ledger.wire;

/** Bytes that are not what they should be. Reading them again gives the same. */
public abstract sealed class WireException extends RuntimeException {

  private WireException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Not in the Confluent wire format: shorter than five bytes, or another magic byte than 0. */
  public static final class NotWireFormat extends WireException {
    NotWireFormat(String message) {
      super(message, null);
    }
  }

  /** In the wire format, but the rest is not what its writer schema says. */
  public static final class Corrupt extends WireException {
    Corrupt(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A record of another type than the topic should hold. */
  public static final class OtherType extends WireException {
    OtherType(String message) {
      super(message, null);
    }
  }
}
