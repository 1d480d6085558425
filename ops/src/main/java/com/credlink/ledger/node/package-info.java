/**
 * What one process of the ledger is: its configuration, its data directory, and the node itself.
 */
package com.credlink.ledger.node;
