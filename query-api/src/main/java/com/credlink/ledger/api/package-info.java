/** The HTTP interface: all routes on one screen in {@link com.credlink.ledger.api.LedgerApi}. */
package com.credlink.ledger.api;
