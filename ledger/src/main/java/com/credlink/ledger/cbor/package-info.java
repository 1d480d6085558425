/**
 * CBOR (RFC 8949): a writer and a reader of its core deterministic form, for what this product
 * makes, and {@link com.credlink.ledger.cbor.CborItem} for what others have made.
 *
 * <p>Invariants: nothing is ever written in another form; whatever the bytes claim, reading them
 * takes no more memory than a small multiple of their number.
 */
package com.credlink.ledger.cbor;
