package com.credlink.ledger.vault;

/** A value could not be sealed or opened. Messages never hold content. */
public abstract sealed class VaultException extends RuntimeException {

  private VaultException(String message) {
    super(message);
  }

  private VaultException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The key is gone: the value was rendered unreadable, and reads as erased. */
  public static final class KeyMissing extends VaultException {
    KeyMissing(String keyId) {
      super("data key '%s' is gone; what it sealed is erased".formatted(keyId));
    }
  }

  /** The keys are there and what a value refers to in the asset store is not. */
  public static final class ContentMissing extends VaultException {
    ContentMissing(String sha256) {
      super("sealed content '%s' is missing in the asset store".formatted(sha256));
    }
  }

  /** Value, wrap or context is not what it was when it was sealed. */
  public static final class Tampered extends VaultException {
    Tampered(String what) {
      super(what);
    }

    Tampered(String what, Throwable cause) {
      super(what, cause);
    }
  }

  /** Keys cannot be read or made just now; the same call may work later. */
  public static final class Unavailable extends VaultException {
    /** For every {@link WrappedKeyStore} to throw, with what it cannot do. */
    public Unavailable(String what) {
      super(what);
    }

    Unavailable(String what, Throwable cause) {
      super(what, cause);
    }
  }

  /** The key file is not the one that the stored keys were wrapped with. */
  public static final class WrongEpoch extends VaultException {
    WrongEpoch(String epoch) {
      super(
          "the vault's key file does not hold epoch key '%s', which wraps the stored keys; restore the key file that belongs to this ledger"
              .formatted(epoch));
    }
  }
}
