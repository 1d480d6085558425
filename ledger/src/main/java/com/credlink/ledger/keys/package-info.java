/**
 * Asset-signing keys and the files that hold keys.
 *
 * <p>Invariants: a private key never leaves its {@link com.credlink.ledger.keys.Signer}; a key file
 * is readable by its owner alone from its first byte and is replaced as a whole or not at all; the
 * same key and message always give the same signature, so a signature made twice after a crash is
 * one signature.
 */
package com.credlink.ledger.keys;
