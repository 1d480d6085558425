package com.credlink.ledger.asset;

import java.io.IOException;

/** An asset could not be stored or read. */
public abstract sealed class AssetException extends RuntimeException {

  private AssetException(String message) {
    super(message);
  }

  private AssetException(String message, Throwable cause) {
    super(message, cause);
  }

  /** It has more than {@link AssetStore#MAX_BYTES}; nothing was kept. */
  public static final class TooLarge extends AssetException {
    TooLarge(long maxBytes) {
      super("an asset has %d bytes at most".formatted(maxBytes));
    }
  }

  /** The stored bytes were altered: their digest, tag or form is not what it was. */
  public static final class Damaged extends AssetException {
    Damaged(String sha256, Throwable cause) {
      super("asset '%s' is damaged; restore it from its backup".formatted(sha256), cause);
    }

    Damaged(String sha256) {
      super("asset '%s' is damaged; restore it from its backup".formatted(sha256));
    }
  }

  /** The store cannot be read or written just now. */
  public static final class Unavailable extends AssetException {
    Unavailable(String what, IOException cause) {
      super("the asset store cannot " + what, cause);
    }
  }

  /** The source of the bytes failed; the store is fine and nothing was kept. */
  public static final class SourceFailed extends AssetException {
    SourceFailed(IOException cause) {
      super("the asset could not be read from its source", cause);
    }
  }
}
