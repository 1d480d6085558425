/**
 * The schema registry's protocol: its client, its rules, and Avro compatibility. No server here.
 */
package com.credlink.ledger.registry;
