/**
 * What the folds decide about deliveries: duplicates, equal bodies, bound resources, installed
 * shops.
 */
package com.credlink.ledger.projections.intake;
