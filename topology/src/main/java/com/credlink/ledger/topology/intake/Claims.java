package com.credlink.ledger.topology.intake;

import com.credlink.ledger.event.Bytes;

/** Keys of {@code ledger.bindings}: the partition follows from the resource, not from the shop. */
final class Claims {

  private static final char SLASH = '/';

  private Claims() {}

  /** The claim of a tenant on a resource. */
  static String key(Bytes resource, String tenant) {
    return resource.hex() + SLASH + tenant;
  }

  /** The resource's hash, hex. */
  static String resource(String key) {
    return key.substring(0, key.indexOf(SLASH));
  }

  /** The tenant that claims it. */
  static String tenant(String key) {
    return key.substring(key.indexOf(SLASH) + 1);
  }
}
