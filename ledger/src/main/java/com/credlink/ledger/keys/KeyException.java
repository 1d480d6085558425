package com.credlink.ledger.keys;

import java.nio.file.Path;

/** A key or a key file could not be used. The message names the file or key and what to do. */
public abstract sealed class KeyException extends RuntimeException {

  private KeyException(String message) {
    super(message);
  }

  private KeyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** For a key that a ring was asked for and does not have. */
  public static KeyException unknown(String keyId) {
    return new Unknown(keyId);
  }

  /** The file does not open with this password. */
  public static final class WrongPassword extends KeyException {
    WrongPassword(Path file, Throwable cause) {
      super(
          "the password does not open '%s' (or the file was altered); restore the password that it was made with"
              .formatted(file),
          cause);
    }
  }

  /** There is a key file, but no password for it. */
  public static final class PasswordMissing extends KeyException {
    PasswordMissing(Path file, Path passwordFile) {
      super(
          "'%s' exists but its password file '%s' does not; restore that file, or remove both to begin with new keys"
              .formatted(file, passwordFile));
    }
  }

  /** The file opens, or should, and does not hold what it must. */
  public static final class Corrupt extends KeyException {
    Corrupt(Path file, String what) {
      super("'%s' is damaged: %s; restore it from its backup".formatted(file, what));
    }

    Corrupt(Path file, String what, Throwable cause) {
      super("'%s' is damaged: %s; restore it from its backup".formatted(file, what), cause);
    }
  }

  /** The file or its directory cannot be written. */
  public static final class Unwritable extends KeyException {
    Unwritable(Path file, Throwable cause) {
      super("cannot write '%s'; make its directory writable for this user".formatted(file), cause);
    }
  }

  /** The file cannot be read. */
  public static final class Unreadable extends KeyException {
    Unreadable(Path file, Throwable cause) {
      super("cannot read '%s'; make it readable for this user".formatted(file), cause);
    }
  }

  /** No such key in the ring. */
  public static final class Unknown extends KeyException {
    Unknown(String keyId) {
      super("no key '%s' in this key ring".formatted(keyId));
    }
  }

  /** The key is there, and its state forbids signing. */
  public static final class MayNotSign extends KeyException {
    MayNotSign(String keyId, KeyState state) {
      super("key '%s' is %s and signs nothing".formatted(keyId, state));
    }
  }

  /** The step that was asked for is not one from the state that the key is in. */
  public static final class WrongState extends KeyException {
    WrongState(String keyId, KeyState state, KeyState next) {
      super("key '%s' is %s and cannot become %s".formatted(keyId, state, next));
    }
  }

  /** A key did not sign, or signed what its public half does not verify; it stays inactive. */
  public static final class CanaryFailed extends KeyException {
    CanaryFailed(String keyId) {
      super(
          "key '%s' did not sign a test message so that its public half verifies it; it is not activated"
              .formatted(keyId));
    }

    CanaryFailed(String keyId, Throwable cause) {
      super("key '%s' did not sign a test message; it is not activated".formatted(keyId), cause);
    }
  }

  /** Keys of this algorithm cannot be made where keys are made. */
  public static final class NotMade extends KeyException {
    NotMade(Algorithm algorithm, String source) {
      super("%s makes no keys for %s".formatted(source, algorithm.label()));
    }
  }

  /** The key, or the place where it is, cannot be reached now; another attempt may help. */
  public static final class Unavailable extends KeyException {
    Unavailable(String keyId, String source) {
      super("the private half of key '%s' is not in %s now".formatted(keyId, source));
    }

    /** For an implementation of {@link Signer} or {@link KeySource} whose backend fails. */
    public Unavailable(String what, Throwable cause) {
      super(what, cause);
    }
  }
}
