/**
 * Certificates of the asset-signing keys: a certificate authority for development, and requests and
 * imports for a real one.
 *
 * <p>Invariants: the authority's root key is in a file of its own and signs certificates only; a
 * chain is taken only after it was checked against the key, the profile of C2PA, the time and the
 * root that verifiers are told to trust; a chain never has its root in it.
 */
package com.credlink.ledger.trust;
