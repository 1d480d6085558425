package com.credlink.ledger.event;

/**
 * One signature over the digest.
 *
 * @param format COSE or JWS.
 * @param algorithm algorithm.
 * @param keyId key id, as in the JWKS.
 * @param value the encoded signature: COSE_Sign1 bytes, or the ASCII of a compact JWS.
 */
public record Signature(
    SignatureFormat format, SignatureAlgorithm algorithm, String keyId, Bytes value) {}
