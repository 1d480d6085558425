/** What the projections hold, in a few hashes that a fresh fold of the log must give again. */
package com.credlink.ledger.topology.digest;
