/** Reading the stores: who owns a tenant, how far a store has come, what it holds. */
package com.credlink.ledger.topology.query;
