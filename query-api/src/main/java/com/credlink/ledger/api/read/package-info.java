/** Queries: what the folds derived, with the position that an answer rests on. */
package com.credlink.ledger.api.read;
