/** The Merkle tree of each partition, in RocksDB. */
package com.credlink.ledger.topology.merkle;
