package com.credlink.ledger.c2pa;

/** A file that cannot be given credentials, or whose credentials cannot be read. */
public final class C2paException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why. */
  public enum Reason {
    /** Neither JPEG nor PNG, or broken as such. */
    NOT_AN_IMAGE,
    /** It has no credentials, and they are what was asked for. */
    NO_CREDENTIALS,
    /** It has more than one store of credentials, so that none counts (C2PA 2.2 section 15.5.2). */
    SEVERAL_STORES,
    /** Its credentials break the rules of their format. */
    MALFORMED,
    /** Its credentials are larger or more nested than this reader takes. */
    TOO_LARGE,
    /** Its XMP packet cannot take the reference that was asked for. */
    XMP,
    /** There is no room for the time-stamp. */
    NO_ROOM,
    /** The key has made a signature that its own public half does not accept. */
    NOT_VERIFIED
  }

  /**
   * A refusal.
   *
   * @param message what was found and where, free of content.
   */
  C2paException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static C2paException malformed(String message) {
    return new C2paException(Reason.MALFORMED, message);
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
