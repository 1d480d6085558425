package com.credlink.ledger.event;

/**
 * A key was made.
 *
 * @param header common header.
 * @param keyId key id, as in the JWKS.
 * @param algorithm its algorithm.
 * @param keyPurpose the one purpose that it serves, such as {@code asset-signing}.
 * @param publicKey public key, DER of a SubjectPublicKeyInfo.
 */
public record KeyCreated(
    EventHeader header,
    String keyId,
    SignatureAlgorithm algorithm,
    String keyPurpose,
    Bytes publicKey)
    implements LedgerEvent {}
