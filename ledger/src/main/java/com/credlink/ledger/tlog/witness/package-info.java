/**
 * Witnesses of transparency logs (c2sp.org/tlog-witness): what a log asks of one, how one decides,
 * and where it keeps what it has vouched for.
 *
 * <p>Invariant: of two trees that a witness has cosigned for an origin, the larger one continues
 * the smaller, whatever dies when. So each origin is decided in turn, and what was decided is on
 * the disk before anybody hears of it.
 */
package com.credlink.ledger.tlog.witness;
