/** What the topology hands to workers and to integrations. */
package com.credlink.ledger.queue;
