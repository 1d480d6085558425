package com.credlink.ledger.note;

import java.util.List;

/** A note, a key, a proof file or a policy is not in its form, or does not say what it must. */
public abstract sealed class NoteException extends RuntimeException {

  private NoteException(String message) {
    super(message);
  }

  /** The bytes or the text are not in the form of their kind. */
  public static final class Malformed extends NoteException {
    Malformed(String kind, String what) {
      super("not a %s: %s".formatted(kind, what));
    }
  }

  /** It may be in its form, but has more of something than this product reads. */
  public static final class TooLarge extends NoteException {
    TooLarge(String kind, int max, String unit) {
      super("a %s has %d %s at most".formatted(kind, max, unit));
    }
  }

  /** A key of a type that this product does not check. */
  public static final class UnsupportedType extends NoteException {
    private final int type;

    UnsupportedType(String name, int type) {
      super("key '%s' has type 0x%02x, which is not supported".formatted(name, type));
      this.type = type;
    }

    /** The type's byte, 0 to 255. */
    public int type() {
      return type;
    }
  }

  /** A signature that claims to be of a known key is not. The whole note is to be refused. */
  public static final class BadSignature extends NoteException {
    BadSignature(VerifierKey key) {
      super(
          "the signature of key '%s' (%s, id %08x) does not verify"
              .formatted(key.name(), key.type(), key.id()));
    }
  }

  /** No known key has signed. */
  public static final class NotSigned extends NoteException {
    NotSigned(String whose) {
      super("not signed by %s".formatted(whose));
    }
  }

  /** A key has signed the checkpoint of a log that is not the key's. */
  public static final class WrongOrigin extends NoteException {
    WrongOrigin(String keyName, String origin) {
      super("key '%s' has signed a checkpoint of '%s'".formatted(keyName, origin));
    }
  }

  /** The log has signed, and too few witnesses have cosigned. */
  public static final class QuorumMissed extends NoteException {
    QuorumMissed(String quorum, int cosigned, List<String> missing) {
      super(
          "quorum '%s' is not reached: %d of %d known witnesses have cosigned, and not %s"
              .formatted(quorum, cosigned, cosigned + missing.size(), String.join(", ", missing)));
    }
  }
}
