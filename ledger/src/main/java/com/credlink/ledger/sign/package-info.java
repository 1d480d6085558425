/**
 * Detached signatures over an asset's digest, in the two forms that others read: COSE_Sign1 and
 * compact JWS.
 *
 * <p>Invariants: a signature's form has exactly one encoding, and a verifier accepts no other; the
 * algorithm is the key's and is never taken from the signature.
 */
package com.credlink.ledger.sign;
