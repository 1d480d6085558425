/** What every topology stands on: names, stores, limits, life cycle. */
package com.credlink.ledger.topology.streams;
