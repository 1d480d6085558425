/** The life of a signing request and of the image it came from, as pure folds. */
package com.credlink.ledger.projections.signing;
