package com.credlink.ledger.event;

import java.util.List;
import java.util.Optional;

/**
 * A value sealed with AES-256-GCM under a content key of its own, which is wrapped by the data key
 * of everyone whose erasure must make it unreadable. Additional data bind it to event, tenant,
 * purpose and field.
 *
 * @param wraps one wrap per data key; losing any one of them loses the value.
 * @param nonce 96-bit nonce.
 * @param ciphertext ciphertext and tag; empty when the value is stored by reference.
 * @param length length of the plain text in bytes.
 * @param storedAs SHA-256 (hex) of the ciphertext in the tenant's asset store, for a value too
 *     large for the log.
 */
public record Sealed(
    List<KeyWrap> wraps, Bytes nonce, Bytes ciphertext, long length, Optional<String> storedAs) {
  public Sealed {
    wraps = List.copyOf(wraps);
  }
}
