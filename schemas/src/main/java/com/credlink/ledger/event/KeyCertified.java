package com.credlink.ledger.event;

import java.util.List;

/**
 * A certificate authority vouches for the key, by a chain that was checked.
 *
 * @param header common header.
 * @param keyId the key.
 * @param certificates the chain, leaf first and without its root; DER of a certificate each.
 */
public record KeyCertified(EventHeader header, String keyId, List<Bytes> certificates)
    implements LedgerEvent {}
