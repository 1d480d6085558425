package com.credlink.ledger.trust;

/** A certificate chain is not one that signatures may rest on; the message says why. */
public abstract sealed class TrustException extends RuntimeException {

  private TrustException(String message) {
    super(message);
  }

  private TrustException(String message, Throwable cause) {
    super(message, cause);
  }

  /** It is not a chain of X.509 certificates. */
  public static final class Unreadable extends TrustException {
    Unreadable(String what) {
      super(what);
    }

    Unreadable(String what, Throwable cause) {
      super(what, cause);
    }
  }

  /** The first certificate is that of another key. */
  public static final class OtherKey extends TrustException {
    OtherKey(String subject, String keyId) {
      super(
          "the certificate of '%s' does not have the public key of key '%s'"
              .formatted(subject, keyId));
    }
  }

  /** A certificate was not issued by the one that follows it. */
  public static final class WrongOrder extends TrustException {
    WrongOrder(String subject, String next) {
      super(
          "the certificate of '%s' was not issued by '%s', which follows it; give the leaf first, then each issuer"
              .formatted(subject, next));
    }
  }

  /** A certificate is not valid yet, or no longer. */
  public static final class NotValidNow extends TrustException {
    NotValidNow(String what) {
      super(what);
    }
  }

  /** The leaf is not one that may sign content credentials. */
  public static final class OutsideProfile extends TrustException {
    OutsideProfile(String subject, String what) {
      super("the certificate of '%s' %s (C2PA 2.2, section 14.5.1)".formatted(subject, what));
    }
  }

  /** The chain does not lead to the root that verifiers are told to trust. */
  public static final class NotTrusted extends TrustException {
    NotTrusted(String subject, String why, Throwable cause) {
      super(
          "the chain of '%s' does not lead to a root that is configured: %s"
              .formatted(subject, why),
          cause);
    }
  }

  /** A key that signs content credentials has no certificate yet. */
  public static final class NoCertificate extends TrustException {
    NoCertificate(String keyId) {
      super(
          "key '%s' has no certificate yet; ask the authority for one with its request and import the chain"
              .formatted(keyId));
    }
  }
}
