/**
 * Verifies the log record by record against what was signed for it: the records of a partition are
 * hashed again and compared with every checkpoint, with the tiles that are served, and with rows
 * that were exported. Reads through {@link com.credlink.ledger.verify.RecordLog}, so that a test
 * can put a log in its way that was tampered with.
 */
package com.credlink.ledger.verify;
