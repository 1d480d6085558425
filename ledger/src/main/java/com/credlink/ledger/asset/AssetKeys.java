package com.credlink.ledger.asset;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyWrap;

/**
 * The keys of a tenant's assets, as the store sees them: it never holds one for longer than a file.
 */
public interface AssetKeys {

  /**
   * Wraps the content key of a file under the tenant's asset key, which is made on first use.
   *
   * @param context must be given again to unwrap.
   */
  KeyWrap wrap(String tenant, byte[] contentKey, byte[] context);

  /** Unwraps a content key. */
  Unwrapped unwrap(String tenant, KeyWrap wrap, byte[] context);

  /** A keyed hash: the names of directories and files. */
  Bytes lookupHash(String domain, byte[]... parts);

  /** What became of an unwrap. */
  sealed interface Unwrapped {
    /** The content key. */
    record ContentKey(Bytes key) implements Unwrapped {}

    /** The key that wraps it is gone: the file is unreadable for ever. */
    record KeyGone() implements Unwrapped {}

    /** The wrap was altered, or belongs elsewhere. */
    record NotAuthentic() implements Unwrapped {}
  }
}
