package com.credlink.ledger.event;

/**
 * A content key, wrapped by a data key that can be destroyed.
 *
 * @param keyId the data key that wraps it.
 * @param nonce 96-bit nonce of the wrapping.
 * @param wrapped AES-256-GCM of the content key.
 */
public record KeyWrap(String keyId, Bytes nonce, Bytes wrapped) {}
