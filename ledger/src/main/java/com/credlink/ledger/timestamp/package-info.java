/**
 * Time-stamps (RFC 3161): asked for, checked, and for development made here.
 *
 * <p>Invariants: no token is believed that was not checked, whoever sent it; what an authority does
 * wrong has a type of its own; nothing waits longer than it was told to.
 */
package com.credlink.ledger.timestamp;
