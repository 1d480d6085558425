package com.credlink.ledger.event;

/**
 * A key fixed for a request.
 *
 * @param keyId key id, as in the JWKS.
 * @param algorithm its algorithm.
 */
public record KeyVersion(String keyId, SignatureAlgorithm algorithm) {}
