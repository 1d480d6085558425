/**
 * A real Kafka broker and controller in this process, for the node that needs nothing installed and
 * for tests. The only package that knows Kafka's server classes; its dependencies are optional.
 */
package com.credlink.ledger.broker;
