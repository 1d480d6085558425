/**
 * What the folds know of deliveries: duplicates, equal bodies, bound resources, installed shops.
 */
package com.credlink.ledger.topology.intake;
