/** The audit trail: every fact, found again by tenant, type, time and id. */
package com.credlink.ledger.topology.audit;
