/**
 * What the ledger costs, beside something plain that does only the unavoidable part, in one run.
 */
package com.credlink.ledger.bench;
