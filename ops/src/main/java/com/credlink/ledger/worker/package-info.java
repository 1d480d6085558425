/** The workers beside the log: the clerk, the signer and the asset fetcher. */
package com.credlink.ledger.worker;
