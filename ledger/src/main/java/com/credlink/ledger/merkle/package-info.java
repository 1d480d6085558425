/**
 * The Merkle tree over a log: RFC 6962 section 2.1 (the same tree as RFC 9162 section 2.1), kept as
 * the tiles of c2sp.org/tlog-tiles.
 *
 * <p>Invariants: a tree is a function of its leaves, so whoever builds it twice gets the same
 * bytes; nothing here knows where leaves and tiles come from or go to. What is read from outside is
 * either understood as a whole or refused with one of this package's exceptions.
 */
package com.credlink.ledger.merkle;
